//! Photographs of bills: decoded, turned upright, made small, and written again without anything but the picture.
//!
//! Pure: bytes in, bytes out.
//!
//! 1. What comes out is a fresh JPEG: places, times and devices written into the photograph (EXIF) are gone.
//! 2. Neither side is longer than [`LONGEST_SIDE`]; the file is at most [`LARGEST`] bytes.
//! 3. The same photograph gives the same bytes, hence the same digest.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits};

use crate::refusals;

/// Longest side of a kept picture, in pixels.
pub const LONGEST_SIDE: u32 = 1600;
/// Largest kept picture, in bytes.
pub const LARGEST: usize = 600 * 1024;
/// Largest photograph taken in, in bytes.
pub const LARGEST_TAKEN: usize = 15 * 1024 * 1024;
const MOST_MEMORY: u64 = 256 * 1024 * 1024;
const WIDEST_TAKEN: u32 = 12_000;

refusals! {
    /// Why a photograph is not taken.
    pub enum PhotoRefusal {
        /// Neither JPEG nor PNG, or damaged.
        "X-301" NotAPhoto { name: String }
            zh "“{name}”不是可以识别的照片" en "'{name}' is not a photograph that can be read" next "用手机重新拍照,存为 JPG 或 PNG 后再传";
        /// Too many bytes or pixels.
        "X-302" TooLarge { name: String, megabytes: usize }
            zh "照片“{name}”太大" en "the photograph '{name}' is too large" next "照片不超过 {megabytes} MB、边长不超过 12000 像素";
    }
}

/// A picture as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// JPEG bytes.
    pub content: Vec<u8>,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// Makes a photograph fit to be kept. Refuses what is no picture or too large.
pub fn cleaned(name: &str, bytes: &[u8]) -> Result<Photo, PhotoRefusal> {
    let too_large = || PhotoRefusal::TooLarge { name: name.to_owned(), megabytes: LARGEST_TAKEN / 1024 / 1024 };
    if bytes.len() > LARGEST_TAKEN {
        return Err(too_large());
    }
    let picture = upright(bytes).map_err(|why| match why {
        image::ImageError::Limits(_) => too_large(),
        _ => PhotoRefusal::NotAPhoto { name: name.to_owned() },
    })?;
    for (side, quality) in [(LONGEST_SIDE, 80), (LONGEST_SIDE, 60), (1200, 60), (1000, 45)] {
        let small = within(&picture, side);
        let content = written(&small, quality).map_err(|_| PhotoRefusal::NotAPhoto { name: name.to_owned() })?;
        if content.len() <= LARGEST || side == 1000 {
            return Ok(Photo { content, width: small.width(), height: small.height() });
        }
    }
    Err(too_large())
}

/// Longest side of a picture in a list.
const SMALL: u32 = 220;

/// A kept picture made small for a list.
pub fn small(bytes: &[u8]) -> Result<Vec<u8>, PhotoRefusal> {
    let unread = |_| PhotoRefusal::NotAPhoto { name: String::new() };
    upright(bytes).and_then(|picture| written(&within(&picture, SMALL), 60)).map_err(unread)
}

fn upright(bytes: &[u8]) -> Result<DynamicImage, image::ImageError> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let mut limits = Limits::default();
    (limits.max_alloc, limits.max_image_width, limits.max_image_height) =
        (Some(MOST_MEMORY), Some(WIDEST_TAKEN), Some(WIDEST_TAKEN));
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let orientation = decoder.orientation()?;
    let mut picture = DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn within(picture: &DynamicImage, side: u32) -> DynamicImage {
    match picture.width().max(picture.height()) > side {
        true => picture.resize(side, side, FilterType::Triangle),
        false => picture.clone(),
    }
}

fn written(picture: &DynamicImage, quality: u8) -> Result<Vec<u8>, image::ImageError> {
    let mut content = Vec::new();
    let plain = DynamicImage::ImageRgb8(picture.to_rgb8());
    plain.write_with_encoder(JpegEncoder::new_with_quality(&mut content, quality))?;
    Ok(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jpeg(width: u32, height: u32) -> Vec<u8> {
        let picture = image::RgbImage::from_fn(width, height, |x, y| image::Rgb([(x % 251) as u8, (y % 241) as u8, 90]));
        written(&DynamicImage::ImageRgb8(picture), 90).unwrap()
    }

    /// A photograph with an EXIF block that says where it was taken and that it lies on its side.
    fn with_exif(jpeg: &[u8]) -> Vec<u8> {
        let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0".to_vec();
        exif.extend_from_slice(b"GPS 24.8 108.2 PHONE-1");
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        [&jpeg[..2], &[0xFF, 0xE1], &length[..], &exif, &jpeg[2..]].concat()
    }

    #[test]
    fn what_the_camera_wrote_beside_the_picture_is_gone() {
        let taken = with_exif(&jpeg(80, 40));
        assert!(taken.windows(4).any(|four| four == b"Exif"));
        let kept = cleaned("bill.jpg", &taken).unwrap();
        assert!(!kept.content.windows(4).any(|four| four == b"Exif") && !kept.content.windows(5).any(|five| five == b"PHONE"));
        assert_eq!((kept.width, kept.height), (40, 80), "turned upright");
        assert_eq!(kept, cleaned("again.jpg", &taken).unwrap());
    }

    #[test]
    fn large_photographs_become_small() {
        let kept = cleaned("bill.jpg", &jpeg(3200, 2400)).unwrap();
        assert_eq!((kept.width, kept.height), (1600, 1200));
        assert!(kept.content.len() <= LARGEST);
    }

    #[test]
    fn a_list_shows_them_small() {
        let kept = cleaned("bill.jpg", &jpeg(1600, 1200)).unwrap();
        let shown = small(&kept.content).unwrap();
        assert!(shown.len() < 20 * 1024 && shown.len() < kept.content.len(), "{} bytes", shown.len());
        assert!(small(b"%PDF-1.7").is_err());
    }

    #[test]
    fn what_is_no_photograph_is_refused() {
        let code = |bytes: &[u8]| cleaned("x", bytes).unwrap_err().refusal().code;
        for no_photo in [&b""[..], b"%PDF-1.7", &jpeg(30, 30)[..40]] {
            assert_eq!(code(no_photo), "X-301");
        }
        assert_eq!(code(&vec![0; LARGEST_TAKEN + 1]), "X-302");
        let mut wide = jpeg(30, 30);
        let at = wide.windows(2).position(|two| two == [0xFF, 0xC0]).unwrap();
        wide[at + 5..at + 9].copy_from_slice(&[0xF0, 0, 0xF0, 0]);
        assert_eq!(code(&wide), "X-302");
    }
}
