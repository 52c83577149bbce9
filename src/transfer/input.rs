//! The files of an import: named, and opened as often as they have to be read.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use weft_formats::{DatasetInfo, Diagnostic, Table};

use super::TransferError;

/// A file of an import.
///
/// It is read two or three times (which encoding, what is wrong, what changes), so what comes from a
/// pipe is handed in as bytes.
#[derive(Clone, Debug)]
pub struct InputFile {
    /// The name in messages and locators.
    pub name: String,
    content: Content,
}

#[derive(Clone, Debug)]
enum Content {
    Path(PathBuf),
    Bytes(Vec<u8>),
}

/// A dataset as a folder holds it.
#[derive(Clone, Debug, Default)]
pub struct Folder {
    /// The name of the folder: the default name of the dataset.
    pub name: String,
    /// Its tables.
    pub files: Vec<InputFile>,
    /// Whether it may have tables that are not named here.
    pub is_part: bool,
    /// What `dataset.toml` says, or what is wrong with it.
    pub info: Option<Result<DatasetInfo, Box<Diagnostic>>>,
    /// The text of `schema.toml`.
    pub schema_text: Option<String>,
}

impl InputFile {
    /// A file on disk.
    pub fn from_path(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let name = path.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
        Self { name, content: Content::Path(path) }
    }

    /// A file in memory.
    pub fn from_bytes(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), content: Content::Bytes(bytes.into()) }
    }

    /// How many bytes it has, as far as that can be told; 0 otherwise.
    pub(super) fn n_bytes(&self) -> u64 {
        match &self.content {
            Content::Bytes(bytes) => bytes.len() as u64,
            Content::Path(path) => path.metadata().map_or(0, |it| it.len()),
        }
    }

    /// Opens it from its first byte.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn open(&self) -> Result<Box<dyn Read + '_>, TransferError> {
        match &self.content {
            Content::Bytes(bytes) => Ok(Box::new(bytes.as_slice())),
            Content::Path(path) => match File::open(path) {
                Ok(file) => Ok(Box::new(file)),
                Err(source) => Err(open_error(path, source)),
            },
        }
    }
}

/// Names the files of a dataset's folder.
///
/// # Errors
/// When the folder cannot be read, or holds none of the five tables.
pub fn read_folder(path: &Path) -> Result<Folder, TransferError> {
    let name = path.canonicalize().map_err(|it| open_error(path, it))?;
    let name = name.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    let mut folder = Folder { name, ..Folder::default() };
    for table in Table::ALL {
        let file = path.join(format!("{}.csv", table.as_str()));
        if file.is_file() {
            folder.files.push(InputFile::from_path(file));
        }
    }
    if folder.files.is_empty() {
        return Err(TransferError::NoFiles { path: path.display().to_string() });
    }
    let text = optional_text(&path.join("dataset.toml"))?;
    folder.info = text.map(|it| DatasetInfo::parse("dataset.toml", &it));
    folder.schema_text = optional_text(&path.join("schema.toml"))?;
    Ok(folder)
}

/// Names one file, a part of the dataset of its folder; what comes through a pipe is a dataset of its
/// own name.
///
/// # Errors
/// When there is no such file, or it cannot be opened.
pub fn read_file(path: &Path) -> Result<Folder, TransferError> {
    let mut file = InputFile::from_path(path);
    let whole = path.canonicalize();
    let mut name = path.file_stem();
    if path.exists() && !path.is_file() {
        // A pipe gives its bytes once, and an import reads twice.
        let bytes = std::fs::read(path).map_err(|it| open_error(path, it))?;
        file = InputFile::from_bytes(file.name, bytes);
    } else {
        file.open()?;
        name = whole.as_ref().ok().and_then(|it| it.parent()).and_then(Path::file_name).or(name);
    }
    let name = name.map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(Folder { name, files: vec![file], is_part: true, ..Folder::default() })
}

fn optional_text(path: &Path) -> Result<Option<String>, TransferError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(err) if err.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(err) => Err(open_error(path, err)),
    }
}

fn open_error(path: &Path, source: io::Error) -> TransferError {
    TransferError::Open { path: path.display().to_string(), source }
}
