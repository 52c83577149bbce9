//! `weft.tck.procedure`: how a client registers the procedures of the standard's test kit, for the
//! life of the server.

use std::sync::{Arc, Weak};

use weft_cypher::{Field, FieldType, Procedure, ProcedureError, Signature, TableProcedure};
use weft_graph::Snapshot;
use weft_value::Value;

use crate::session::Workspace;

/// The procedure that registers others.
pub(super) struct Register {
    workspace: Weak<Workspace>,
    signature: Signature,
}

impl Register {
    pub(super) fn of(workspace: &Arc<Workspace>) -> Self {
        let input = |name: &str, field_type| Field {
            name: name.to_owned(),
            field_type,
            nullable: false,
            default: None,
        };
        let signature = Signature {
            name: "weft.tck.procedure".to_owned(),
            inputs: vec![
                input("signature", FieldType::String),
                input("columns", FieldType::List),
                input("rows", FieldType::List),
            ],
            outputs: Vec::new(),
            meaning: "Registers a procedure whose rows are a table.".to_owned(),
            is_write: false,
        };
        Self { workspace: Arc::downgrade(workspace), signature }
    }
}

impl Procedure for Register {
    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn call(
        &self,
        _: &Snapshot,
        arguments: &[Value],
        _: &dyn Fn() -> bool,
        _: &mut dyn FnMut(Vec<Value>) -> bool,
    ) -> Result<(), ProcedureError> {
        let [Value::String(text), Value::List(columns), Value::List(rows)] = arguments else {
            return Err(fault("a signature, a list of names and a list of rows are expected"));
        };
        let signature = Signature::parse(text).map_err(|it| fault(&it))?;
        let columns: Vec<String> = columns.iter().map(Value::to_string).collect();
        let row = |it: &Value| match it {
            Value::List(row) => Ok(row.clone()),
            _ => Err(fault("each row is to be a list")),
        };
        let rows = rows.iter().map(row).collect::<Result<Vec<_>, _>>()?;
        let table = TableProcedure::new(signature, &columns, rows).map_err(|it| fault(&it))?;
        if let Some(workspace) = self.workspace.upgrade() {
            workspace.add_procedure(Arc::new(table));
        }
        Ok(())
    }
}

fn fault(message: &str) -> ProcedureError {
    ProcedureError { message: message.to_owned(), hint: None }
}
