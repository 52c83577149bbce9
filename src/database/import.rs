//! Imports into a store: checked against one state of it, applied in one transaction to the same.

use weft_formats::{DatasetInfo, Diagnostic, Dialect};
use weft_graph::Change;
use weft_store::{Access, Applied, ApplyError, Progress, RevisionInfo, Store};

use super::{Database, LocateError, StoreIndex};
use crate::transfer::{
    ImportOptions, InputFile, Outcomes, SnapshotIndex, TransferError, plan_import, schema_for,
};

/// What an import came to.
#[derive(Debug)]
pub struct Imported {
    /// What became of each row.
    pub outcomes: Outcomes,
    /// Warnings, and with `dry_run` the faults.
    pub diagnostics: Vec<Diagnostic>,
    /// How many of them are faults.
    pub n_errors: usize,
    /// How many were left out of `diagnostics`.
    pub n_left_out: usize,
    /// How each file was read.
    pub dialects: Vec<Dialect>,
    /// What was written; none of a dry run.
    pub applied: Option<Applied>,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The files cannot be read.
    #[error(transparent)]
    Transfer(#[from] TransferError),
    /// The store cannot be read or written.
    #[error(transparent)]
    Store(#[from] weft_store::Error),
    /// The files have faults.
    #[error("the files have {n_errors} faults")]
    Rejected {
        /// what is wrong
        diagnostics: Vec<Diagnostic>,
        /// how many faults
        n_errors: usize,
    },
    /// Somebody else wrote to the store after the files were checked against it.
    #[error(
        "the store was changed by another process while the files were checked\nhint: import again"
    )]
    Overtaken,
    /// The bundled graph cannot be written to.
    #[error(
        "the graph that comes with weft cannot be changed\nhint: `weft init --from leeds` makes a store of it"
    )]
    Bundled,
}

/// Imports files into a store, all or none.
///
/// # Errors
/// See [`ImportError`]; the store is then as it was.
pub fn import(
    database: &mut Database,
    files: &[InputFile],
    options: &ImportOptions,
    info: &RevisionInfo,
    progress: &mut dyn FnMut(Progress),
) -> Result<Imported, ImportError> {
    let Some(path) = database.path().map(std::path::Path::to_owned) else {
        return Err(ImportError::Bundled);
    };
    // A second connection sees the store as it was before, while the first one writes.
    let before = Store::open(&path, Access::Read)?;
    let schema = schema_for(files, &database.schema, options)?;
    database.seen = std::cell::RefCell::default();
    let (store, index) = (&mut database.store, StoreIndex(&before));
    let checked_at = before.revision()?;
    let plan = plan_import(files, &index, &schema, options)?;
    let diagnostics = plan.diagnostics();
    let (n_errors, n_left_out) = (diagnostics.n_errors(), diagnostics.n_left_out());
    if n_errors > 0 {
        let diagnostics = diagnostics.kept().to_vec();
        return Err(ImportError::Rejected { diagnostics, n_errors });
    }
    let mut changes = plan.changes()?;
    let mut is_first = true;
    let stream = std::iter::from_fn(|| {
        // The first change is asked for when the writer's lock is held: from here on nobody else
        // writes, so the state that was checked is the state that is changed.
        if std::mem::take(&mut is_first) {
            match before.revision() {
                Ok(revision) if revision == checked_at => {}
                Ok(_) => return Some(Err(ImportError::Overtaken)),
                Err(err) => return Some(Err(err.into())),
            }
        }
        changes.next().map(|it| it.map_err(ImportError::from))
    });
    let applied = store.apply(stream, info, progress).map_err(|err| match err {
        ApplyError::Input(err) => err,
        ApplyError::Store(err) => err.into(),
    })?;
    Ok(Imported {
        outcomes: changes.into_outcomes(),
        diagnostics: plan.diagnostics().kept().to_vec(),
        n_errors,
        n_left_out,
        dialects: plan.dialects().to_vec(),
        applied: Some(applied),
    })
}

/// Says what an import would do, and what is wrong, without doing it.
///
/// # Errors
/// If a file or the store cannot be read; faults of the data are in the result.
pub fn dry_run(
    database: &Database,
    files: &[InputFile],
    options: &ImportOptions,
) -> Result<Imported, ImportError> {
    let index = StoreIndex(&database.store);
    let schema = schema_for(files, &database.schema, options)?;
    let plan = plan_import(files, &index, &schema, options)?;
    Ok(Imported {
        outcomes: plan.dry_run()?,
        diagnostics: plan.diagnostics().kept().to_vec(),
        n_errors: plan.diagnostics().n_errors(),
        n_left_out: plan.diagnostics().n_left_out(),
        dialects: plan.dialects().to_vec(),
        applied: None,
    })
}

/// Fills an empty store with files that are known to be good.
pub(super) fn fill(
    store: &mut Store,
    files: &[InputFile],
    dataset: &str,
    dataset_info: DatasetInfo,
    info: &RevisionInfo,
) -> Result<Applied, LocateError> {
    let schema = store.schema()?.clone();
    let empty = weft_graph::SnapshotBuilder::new(schema.clone()).build();
    let index = SnapshotIndex::new(&empty);
    let options = ImportOptions {
        dataset: dataset.to_owned(),
        licence: dataset_info.licence,
        currency: dataset_info.currency,
        ..ImportOptions::default()
    };
    let failed = |err: TransferError| LocateError::Import(err.to_string());
    let plan = plan_import(files, &index, &schema, &options).map_err(failed)?;
    if plan.diagnostics().n_errors() > 0 {
        return Err(LocateError::Bundled(plan.diagnostics().clone()));
    }
    let changes = plan.changes().map_err(failed)?;
    let changes = changes.map(|it: Result<Change, TransferError>| it);
    store.apply(changes, info, &mut |_| {}).map_err(|err| match err {
        ApplyError::Input(err) => failed(err),
        ApplyError::Store(err) => LocateError::Store(err),
    })
}
