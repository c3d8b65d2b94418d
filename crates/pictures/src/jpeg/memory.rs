//! The memory that decoding a JPEG takes, from the numbers of its header.

use super::structure::{Frame, Process};
use crate::{MAX_ALLOCATION, Refusal, Result, fitting_megapixels};

/// Bytes of a coefficient. A block of 8 × 8 pixels has 64 of them.
const COEFFICIENT: u64 = 2;

/// The size at which a picture is decoded, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    pub width: u16,
    pub height: u16,
}

impl Scale {
    /// The size if each block of eight pixels becomes so many.
    fn new(frame: &Frame, of_eight: u32) -> Self {
        let scaled = |pixels: u16| (u32::from(pixels) * of_eight).div_ceil(8);
        let side = |pixels: u16| u16::try_from(scaled(pixels)).unwrap_or(u16::MAX);
        Self { width: side(frame.width), height: side(frame.height) }
    }
}

/// Chooses the smallest size that is not below `edge` on the longer side. Where that takes too much memory,
/// it is the next smaller one.
///
/// # Errors
/// `TooLarge`, `ProgressiveTooLarge`.
pub fn choose_scale(frame: &Frame, edge: u32) -> Result<Scale> {
    let longer = |of_eight: u32| {
        let scale = Scale::new(frame, of_eight);
        u32::from(scale.width.max(scale.height))
    };
    let wanted = [1, 2, 4, 8].into_iter().find(|&of_eight| longer(of_eight) >= edge).unwrap_or(8);
    let fits = |of_eight: u32| of_eight > 0 && bytes(frame, of_eight) <= MAX_ALLOCATION;
    match [wanted, wanted / 2].into_iter().find(|&of_eight| fits(of_eight)) {
        Some(of_eight) => Ok(Scale::new(frame, of_eight)),
        None => Err(refusal(frame, bytes(frame, wanted.div_ceil(2)))),
    }
}

fn refusal(frame: &Frame, bytes: u64) -> Refusal {
    let megapixels = fitting_megapixels(u64::from(frame.width) * u64::from(frame.height), bytes);
    match frame.process {
        Process::Progressive => Refusal::ProgressiveTooLarge { megapixels },
        _ => Refusal::TooLarge { megapixels },
    }
}

/// The planes of the channels, the picture made of them, and all coefficients if there are several passes.
fn bytes(frame: &Frame, of_eight: u32) -> u64 {
    let most = |factor: fn(&super::structure::Component) -> u8| {
        u64::from(frame.components.iter().map(factor).max().unwrap_or(1))
    };
    let (across, down) = (most(|it| it.horizontal), most(|it| it.vertical));
    let units =
        u64::from(frame.width).div_ceil(8 * across) * u64::from(frame.height).div_ceil(8 * down);
    let blocks: u64 = frame
        .components
        .iter()
        .map(|it| units * u64::from(it.horizontal) * u64::from(it.vertical))
        .sum();
    let planes = blocks * u64::from(of_eight * of_eight);
    let coefficients = match frame.process {
        Process::Progressive => blocks * 64 * COEFFICIENT,
        _ => 0,
    };
    let scale = Scale::new(frame, of_eight);
    let pixels = u64::from(scale.width) * u64::from(scale.height);
    planes + coefficients + pixels * frame.components.len() as u64
}

#[cfg(test)]
mod tests {
    use super::super::structure::Structure;
    use super::*;

    /// A frame of this size in colour, its first channel sampled twice as densely.
    fn frame(process: u8, width: u16, height: u16) -> Frame {
        let [h1, h2] = height.to_be_bytes();
        let [w1, w2] = width.to_be_bytes();
        let head = [0xFF, 0xD8, 0xFF, process, 0, 17, 8, h1, h2, w1, w2, 3];
        let file = [&head[..], &[1, 0x22, 0, 2, 0x11, 0, 3, 0x11, 0], &[0xFF, 0xDA]].concat();
        Structure::read(&file).frame.unwrap()
    }

    fn chosen(process: u8, width: u16, height: u16) -> (u16, u16) {
        let scale = choose_scale(&frame(process, width, height), 2_560).unwrap();
        (scale.width, scale.height)
    }

    #[test]
    fn a_picture_is_decoded_at_the_size_that_is_just_not_too_small() {
        assert_eq!(chosen(0xC0, 16_320, 12_240), (4_080, 3_060));
        assert_eq!(chosen(0xC0, 12_000, 9_000), (3_000, 2_250));
        assert_eq!(chosen(0xC0, 8_160, 6_120), (4_080, 3_060));
        assert_eq!(chosen(0xC0, 4_000, 3_000), (4_000, 3_000));
        assert_eq!(chosen(0xC0, 64, 48), (64, 48));
        assert_eq!(chosen(0xC0, 1, 65_000), (1, 8_125));
    }

    #[test]
    fn every_picture_in_one_pass_fits_and_one_in_many_if_its_coefficients_do() {
        for side in (1_000..14_500).step_by(500) {
            assert!(choose_scale(&frame(0xC0, side, side), 2_560).is_ok(), "{side}");
        }
        assert!(choose_scale(&frame(0xC2, 8_000, 6_000), 2_560).is_ok());
        let refused = choose_scale(&frame(0xC2, 12_000, 9_000), 2_560).unwrap_err();
        assert_eq!(refused, Refusal::ProgressiveTooLarge { megapixels: 54 });
    }
}
