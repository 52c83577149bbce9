//! Findings: pure functions from a snapshot and a view to plain results.
