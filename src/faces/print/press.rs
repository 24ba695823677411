//! Leaves to bytes.
//!
//! 1. Leaves are drawn a few at a time and kept flat, so that a list of 20,000 rows stays within 300 MB.
//! 2. Drawing runs on a thread of its own with a deep stack, whoever asks.

use std::sync::OnceLock;

use image::{GrayImage, ImageFormat, Luma};
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
/// Most pages of a picture; longer ones are read as a PDF.
const MOST_IN_PICTURE: usize = 12;

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
        let leaves = leaves(papers, &setter, dressing)?;
        let bytes = deep(|| self.draw(&leaves, dressing, band, tell))?;
        Ok(Printed { bytes, pages: leaves.len(), missing: setter.missing() })
    }

    /// Papers as one tall grey picture (PNG), page under page, for people who read on a telephone.
    pub fn picture(&self, papers: &[Paper], band: &str) -> Result<Vec<u8>, Stop> {
        let (setter, dressing) = (Setter::new(self.fonts()), Dressing::default());
        let leaves = leaves(papers, &setter, &dressing)?;
        if leaves.len() > MOST_IN_PICTURE {
            return Err(PrintRefusal::TooTall { pages: leaves.len(), most: MOST_IN_PICTURE }.refusal().into());
        }
        Ok(deep(|| stacked(&self.pages(&leaves, &dressing, band, &|_, _| ())?))?)
    }

    fn draw(
        &self,
        leaves: &[Leaf],
        dressing: &Dressing,
        band: &str,
        tell: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Vec<u8>, Failure> {
        let whole = PagedDocument::new(self.pages(leaves, dressing, band, tell)?.into_iter().collect(), DocumentInfo::default());
        let ident = Smart::Custom("cunzhang".to_owned());
        let options =
            PdfOptions { ident, creator: Smart::Custom(Some("cunzhang".to_owned())), tagged: false, ..PdfOptions::default() };
        let bytes = pdf(&whole, &options).map_err(failed);
        comemo::evict(8);
        bytes
    }

    fn pages(
        &self,
        leaves: &[Leaf],
        dressing: &Dressing,
        band: &str,
        tell: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Vec<Page>, Failure> {
        let mut pages: Vec<Page> = Vec::with_capacity(leaves.len());
        for some in leaves.chunks(AT_ONCE) {
            let document = self.compiled(some, dressing, band)?;
            pages.extend(document.pages().iter().map(flat));
            comemo::evict(if leaves.len() > AT_ONCE { 0 } else { 8 });
            tell(pages.len(), leaves.len());
        }
        Ok(pages)
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

/// The leaves of papers; refuses when there is none.
fn leaves(papers: &[Paper], setter: &Setter<'_>, dressing: &Dressing) -> Result<Vec<Leaf>, Stop> {
    let leaves: Vec<Leaf> = papers.iter().flat_map(|paper| paper.leaves(setter, dressing)).collect();
    if leaves.is_empty() {
        return Err(PrintRefusal::NothingToPrint { what: "所选范围".to_owned() }.refusal().into());
    }
    Ok(leaves)
}

/// Runs drawing on a thread with a deep stack.
fn deep<T: Send>(draw: impl FnOnce() -> Result<T, Failure> + Send) -> Result<T, Failure> {
    let drawn = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, draw);
        thread.map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    drawn.map_err(|cause| Failure::File { path: "reports".to_owned(), cause })?
}

/// Pages under each other as a PNG.
fn stacked(pages: &[Page]) -> Result<Vec<u8>, Failure> {
    let drawn: Vec<_> = pages.iter().map(|page| typst_render::render(page, &typst_render::RenderOptions::default())).collect();
    let width = drawn.iter().map(|page| page.width()).max().unwrap_or(1);
    let height = drawn.iter().map(|page| page.height()).sum();
    let mut whole = GrayImage::from_pixel(width, height, Luma([255]));
    let mut top = 0;
    for page in &drawn {
        for (place, pixel) in (0_u32..).zip(page.pixels()) {
            let grey = (u32::from(pixel.red()) * 3 + u32::from(pixel.green()) * 6 + u32::from(pixel.blue())) / 10;
            let (across, down) = (place % page.width(), place / page.width());
            whole.put_pixel(across, top + down, Luma([u8::try_from(grey).unwrap_or(u8::MAX)]));
        }
        top += page.height();
    }
    let mut bytes = std::io::Cursor::new(Vec::new());
    let written = whole.write_to(&mut bytes, ImageFormat::Png);
    written.map_err(|why| Failure::File { path: "reports".to_owned(), cause: std::io::Error::other(why) })?;
    Ok(bytes.into_inner())
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
