//! Files in and out: what an import would change, and what an export drops.
