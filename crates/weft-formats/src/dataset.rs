//! What a dataset says of itself, in `dataset.toml`.

use serde::Deserialize;

use crate::{Diagnostic, Place};

/// The description of a dataset; every part may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DatasetInfo {
    /// What people call it.
    pub title: Option<String>,
    /// What it is about.
    pub description: Option<String>,
    /// Under which terms it may be passed on.
    pub licence: Option<String>,
    /// The currency of amounts whose row names none, as three letters.
    pub currency: Option<String>,
}

impl DatasetInfo {
    /// Reads `dataset.toml`.
    ///
    /// # Errors
    /// One diagnostic with the line that is at fault.
    pub fn parse(file: &str, text: &str) -> Result<Self, Box<Diagnostic>> {
        toml::from_str(text).map_err(|err| {
            let before = err.span().and_then(|it| text.get(..it.start)).unwrap_or_default();
            let row = before.matches('\n').count() as u32 + 1;
            let place = Place::cell(file, row, "");
            let fault = Diagnostic::error("bad_dataset", place, err.message().to_owned());
            Box::new(fault.hint(
                "it may give `title`, `description`, `licence` and `currency`, as `title = \"…\"`",
            ))
        })
    }

    /// Writes `dataset.toml`: what [`DatasetInfo::parse`] reads.
    pub fn to_toml(&self) -> String {
        let lines = [
            ("title", &self.title),
            ("description", &self.description),
            ("licence", &self.licence),
            ("currency", &self.currency),
        ];
        let lines = lines.into_iter().filter_map(|(key, text)| Some((key, text.as_ref()?)));
        // A text of JSON is a text of TOML, but for DEL, which only the latter escapes.
        let quote = |it: &str| serde_json::Value::from(it).to_string().replace('\u{7f}', "\\u007f");
        lines.map(|(key, text)| format!("{key} = {}\n", quote(text))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dataset_describes_itself() {
        let found =
            DatasetInfo::parse("dataset.toml", "title = 'Leeds'\ncurrency = 'EUR'").unwrap();
        assert_eq!(found.title.as_deref(), Some("Leeds"));
        let title = Some("\"Leeds\"\n= 'x'".to_owned());
        let quoted = DatasetInfo { title, ..found };
        assert_eq!(DatasetInfo::parse("dataset.toml", &quoted.to_toml()), Ok(quoted));
        let err = DatasetInfo::parse("dataset.toml", "title = 'Leeds'\ncolour = 3").unwrap_err();
        assert!(
            err.to_string().starts_with("dataset.toml, row 2: unknown field `colour`"),
            "{err}"
        );
    }
}
