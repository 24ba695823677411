//! Leaves to bytes.
//!
//! 1. Leaves are drawn a few at a time and kept flat, so that a list of 20,000 rows stays within 300 MB.
//! 2. Drawing runs on a thread of its own with a deep stack, whoever asks.

use std::sync::OnceLock;

use serde::Serialize;
use serde_json::Value;
use typst::diag::SourceDiagnostic;
use typst::foundations::{Bytes, Smart};
use typst::layout::{Frame, FrameItem, Point};
use typst::model::DocumentInfo;
use typst_layout::{Page, PagedDocument};
use typst_pdf::{PdfOptions, pdf};

use super::PrintRefusal;
use super::fonts::Fonts;
use super::world::{Job, Shop};
use crate::db::{Failure, Stop};
use crate::papers::setter::Missing;
use crate::papers::{Dressing, Leaf, Paper, Setter};

/// Leaves drawn at once.
const AT_ONCE: usize = 20;
const STACK: usize = 32 << 20;

/// The press, with its fonts.
pub struct Press(Shop);

/// A printed paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// The PDF.
    pub bytes: Vec<u8>,
    /// Its pages.
    pub pages: usize,
    /// Characters that no font has; their codes were printed.
    pub missing: Missing,
}

/// The press of this program; its fonts are found and read when it is first asked for.
pub fn press() -> Result<&'static Press, PrintRefusal> {
    static PRESS: OnceLock<Result<Press, PrintRefusal>> = OnceLock::new();
    PRESS.get_or_init(|| Ok(Press(Shop::new(Fonts::find()?)))).as_ref().map_err(Clone::clone)
}

/// All that a template can read.
#[derive(Serialize)]
struct Document<'a> {
    layer: &'static str,
    right: i64,
    down: i64,
    band: &'a str,
    leaves: Vec<Drawn<'a>>,
}

#[derive(Serialize)]
struct Drawn<'a> {
    template: &'static str,
    width: i64,
    height: i64,
    data: &'a Value,
}

impl Press {
    /// The fonts in use.
    pub fn fonts(&self) -> &Fonts {
        &self.0.fonts
    }

    /// Characters of the papers that no font has, found without drawing anything.
    pub fn missing(&self, papers: &[Paper], dressing: &Dressing) -> Missing {
        let setter = Setter::new(self.fonts());
        papers.iter().for_each(|paper| drop(paper.leaves(&setter, dressing)));
        setter.missing()
    }

    /// Prints papers as one file; `band` stands above every page, `tell` hears how many leaves are done of how many.
    pub fn print(
        &self,
        papers: &[Paper],
        dressing: &Dressing,
        band: &str,
        tell: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Printed, Stop> {
        let setter = Setter::new(self.fonts());
        let leaves: Vec<Leaf> = papers.iter().flat_map(|paper| paper.leaves(&setter, dressing)).collect();
        if leaves.is_empty() {
            return Err(PrintRefusal::NothingToPrint { what: "所选范围".to_owned() }.refusal().into());
        }
        let draw = || self.draw(&leaves, dressing, band, tell);
        let drawn = std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, draw);
            thread.map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        });
        let bytes = drawn.map_err(|cause| Failure::File { path: "reports".to_owned(), cause })??;
        Ok(Printed { bytes, pages: leaves.len(), missing: setter.missing() })
    }

    fn draw(
        &self,
        leaves: &[Leaf],
        dressing: &Dressing,
        band: &str,
        tell: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Vec<u8>, Failure> {
        let mut pages: Vec<Page> = Vec::with_capacity(leaves.len());
        for some in leaves.chunks(AT_ONCE) {
            let document = self.compiled(some, dressing, band)?;
            pages.extend(document.pages().iter().map(flat));
            comemo::evict(if leaves.len() > AT_ONCE { 0 } else { 8 });
            tell(pages.len(), leaves.len());
        }
        let whole = PagedDocument::new(pages.into_iter().collect(), DocumentInfo::default());
        let ident = Smart::Custom("cunzhang".to_owned());
        let options =
            PdfOptions { ident, creator: Smart::Custom(Some("cunzhang".to_owned())), tagged: false, ..PdfOptions::default() };
        let bytes = pdf(&whole, &options).map_err(failed);
        comemo::evict(8);
        bytes
    }

    fn compiled(&self, leaves: &[Leaf], dressing: &Dressing, band: &str) -> Result<PagedDocument, Failure> {
        let drawn = leaves.iter().map(|leaf| Drawn {
            template: leaf.template,
            width: leaf.width_um,
            height: leaf.height_um,
            data: &leaf.data,
        });
        let (layer, right, down) = (dressing.layer.as_str(), dressing.right, dressing.down);
        let document = Document { layer, right, down, band, leaves: drawn.collect() };
        let data = serde_json::to_vec(&document)
            .map_err(|cause| Failure::File { path: "document.json".to_owned(), cause: cause.into() })?;
        let job = Job { shop: &self.0, data: Bytes::new(data) };
        typst::compile::<PagedDocument>(&job).output.map_err(failed)
    }
}

/// The page without what only the compiler needs: its groups resolved, its marks dropped. A tenth of the memory remains.
fn flat(page: &Page) -> Page {
    let mut frame = Frame::hard(page.frame.size());
    flatten(&page.frame, Point::zero(), &mut frame);
    Page { frame, ..page.clone() }
}

fn flatten(from: &Frame, at: Point, into: &mut Frame) {
    for (place, item) in from.items() {
        let place = at + *place;
        match item {
            FrameItem::Group(group) if group.clip.is_none() && group.transform.is_identity() => {
                flatten(&group.frame, place, into)
            }
            FrameItem::Tag(_) => {}
            other => into.push(place, other.clone()),
        }
    }
}

/// A template that does not compile is a fault of ours; the message says where.
fn failed(errors: impl IntoIterator<Item = SourceDiagnostic>) -> Failure {
    let said: Vec<String> = errors.into_iter().map(|error| error.message.to_string()).collect();
    Failure::File { path: "reports".to_owned(), cause: std::io::Error::other(said.join("; ")) }
}
