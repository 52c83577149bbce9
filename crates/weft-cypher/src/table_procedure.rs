//! A procedure whose rows are a table: for the standard's test kit and for tests of one's own.

use weft_graph::Snapshot;
use weft_value::Value;

use crate::procedure::{Field, FieldType, Procedure, ProcedureError, Signature};

/// A procedure that yields the outputs of the rows whose inputs are its arguments.
#[derive(Clone, Debug)]
pub struct TableProcedure {
    signature: Signature,
    /// Inputs and outputs in the order of the signature.
    rows: Vec<Vec<Value>>,
}

impl TableProcedure {
    /// Makes one of a table whose columns bear the names of the inputs and outputs, in any order.
    ///
    /// # Errors
    /// Says which column is missing, or which row has another number of values.
    pub fn new(
        signature: Signature,
        columns: &[String],
        rows: Vec<Vec<Value>>,
    ) -> Result<Self, String> {
        let fields = signature.inputs.iter().chain(&signature.outputs);
        let position = |field: &Field| {
            let at = columns.iter().position(|it| *it == field.name);
            at.ok_or_else(|| format!("the table has no column `{}`", field.name))
        };
        let order = fields.map(position).collect::<Result<Vec<_>, _>>()?;
        let mut sorted = Vec::with_capacity(rows.len());
        for (n, row) in rows.into_iter().enumerate() {
            if row.len() != columns.len() {
                let (found, wanted) = (row.len(), columns.len());
                return Err(format!("row {} has {found} values, not {wanted}", n + 1));
            }
            sorted.push(order.iter().map(|&at| row[at].clone()).collect());
        }
        Ok(Self { signature, rows: sorted })
    }
}

impl Procedure for TableProcedure {
    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn call(
        &self,
        _: &Snapshot,
        arguments: &[Value],
        _: &dyn Fn() -> bool,
        on_row: &mut dyn FnMut(Vec<Value>) -> bool,
    ) -> Result<(), ProcedureError> {
        for row in &self.rows {
            let (inputs, outputs) = row.split_at(self.signature.inputs.len());
            let fits = inputs.iter().zip(arguments).all(|(a, b)| is_same(a, b));
            if fits && !on_row(outputs.to_vec()) {
                break;
            }
        }
        Ok(())
    }
}

/// Whether two values are the same, numbers by what they count.
fn is_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Integer(a), Value::Float(b)) | (Value::Float(b), Value::Integer(a)) => {
            *a as f64 == *b
        }
        _ => a == b,
    }
}

impl Signature {
    /// Reads `name(in :: INTEGER?, ..) :: (out :: STRING?, ..)`.
    ///
    /// # Errors
    /// Says what cannot be read.
    pub fn parse(text: &str) -> Result<Self, String> {
        let fail = || {
            format!("`{text}` is no signature such as `a.b(in :: INTEGER?) :: (out :: STRING?)`")
        };
        let (head, outputs) = text.trim().split_once(") ::").ok_or_else(fail)?;
        let (name, inputs) = head.split_once('(').ok_or_else(fail)?;
        let outputs = outputs.trim().strip_prefix('(').and_then(|it| it.strip_suffix(')'));
        let fields = |text: &str| -> Result<Vec<Field>, String> {
            let parts = text.split(',').filter(|it| !it.trim().is_empty());
            parts.map(Field::parse).collect()
        };
        Ok(Self {
            name: name.trim().to_owned(),
            inputs: fields(inputs)?,
            outputs: fields(outputs.ok_or_else(fail)?)?,
            meaning: String::new(),
            is_write: false,
        })
    }
}

impl Field {
    fn parse(text: &str) -> Result<Self, String> {
        let fail = || format!("`{}` is no field such as `name :: STRING?`", text.trim());
        let (name, word) = text.split_once("::").ok_or_else(fail)?;
        let word = word.trim();
        let (word, nullable) = word.strip_suffix('?').map_or((word, false), |it| (it, true));
        let field_type = FieldType::from_word(word).ok_or_else(fail)?;
        Ok(Self { name: name.trim().to_owned(), field_type, nullable, default: None })
    }
}

impl FieldType {
    /// The type of that word, such as `INTEGER` or `LIST OF STRING`.
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word.to_ascii_uppercase().as_str() {
            "ANY" => Self::Any,
            "BOOLEAN" => Self::Boolean,
            "INTEGER" => Self::Integer,
            "FLOAT" => Self::Float,
            "NUMBER" => Self::Number,
            "STRING" => Self::String,
            "MAP" => Self::Map,
            "NODE" => Self::Node,
            "RELATIONSHIP" => Self::Relationship,
            "PATH" => Self::Path,
            "DATE" => Self::Date,
            "LOCALTIME" => Self::LocalTime,
            "TIME" => Self::Time,
            "LOCALDATETIME" => Self::LocalDateTime,
            "DATETIME" => Self::DateTime,
            "DURATION" => Self::Duration,
            "POINT" => Self::Point,
            word if word.starts_with("LIST") => Self::List,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_read() {
        let it =
            Signature::parse("test.my.proc(name :: STRING?, in :: INTEGER) :: (out :: FLOAT?)");
        let it = it.unwrap();
        assert_eq!(it.name, "test.my.proc");
        assert_eq!(it.inputs.len(), 2);
        assert!(it.inputs[0].nullable && !it.inputs[1].nullable);
        assert_eq!(it.outputs[0].field_type, FieldType::Float);
        assert!(Signature::parse("test.doNothing() :: ()").unwrap().outputs.is_empty());
        for text in ["", "a", "a() (b :: STRING)", "a(b) :: ()", "a(b :: WORD) :: ()"] {
            assert!(Signature::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_table_gives_the_rows_whose_inputs_are_the_arguments() {
        let signature = Signature::parse("t(in :: FLOAT?) :: (out :: STRING?)").unwrap();
        let text = |it: &str| Value::String(it.to_owned());
        let rows = vec![
            vec![text("a"), Value::Float(1.0)],
            vec![text("b"), Value::Float(2.0)],
            vec![text("c"), Value::Null],
        ];
        let columns = ["out".to_owned(), "in".to_owned()];
        let table = TableProcedure::new(signature.clone(), &columns, rows).unwrap();
        let graph = weft_graph::fixture("a:company");
        let call = |argument: Value| {
            let mut res = Vec::new();
            let mut on_row = |row: Vec<Value>| {
                res.extend(row);
                true
            };
            table.call(&graph, &[argument], &|| false, &mut on_row).unwrap();
            res
        };
        assert_eq!(call(Value::Integer(2)), [text("b")]);
        assert_eq!(call(Value::Null), [text("c")]);
        assert!(call(Value::Float(3.0)).is_empty());
        assert!(TableProcedure::new(signature, &columns[..1], Vec::new()).is_err());
    }
}
