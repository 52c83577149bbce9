//! `report`: a page of findings.

use crate::session::context::Context;
use crate::session::request::Report;
use crate::session::{Error, Output};

pub(super) fn run(_ctx: &mut Context<'_>, _options: &Report) -> Result<Output, Error> {
    Err(Error::failed("the report is not here yet"))
}
