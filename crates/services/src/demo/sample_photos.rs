//! Generated photos for the demo jobs.

use std::io::Cursor;

use chrono_tz::Tz;
use image::{ImageFormat, Rgb, RgbImage};
use shared::Coordinates;
use shared::photo::PhotoKind;

use super::timeline::Timeline;
use crate::error::{Error, Result};
use crate::photos::{FileTypes, PhotoStore, ProcessedPhoto, StoredPhoto, process};

const WIDTH: u32 = 800;
const HEIGHT: u32 = 600;
/// Variants drawn of each kind.
const VARIANTS: usize = 2;
const KINDS: [PhotoKind; 3] = [PhotoKind::After, PhotoKind::Device, PhotoKind::Attenuation];

/// Draws the pictures and stores a file for each photo of the timeline, in its order.
pub fn draw_and_store(store: &PhotoStore, zone: Tz, script: &Timeline) -> Result<Vec<StoredPhoto>> {
    let mut drawn: Vec<ProcessedPhoto> = Vec::with_capacity(KINDS.len() * VARIANTS);
    for kind in KINDS {
        for variant in 0..VARIANTS {
            drawn.push(process(&draw(kind, variant as u32)?, zone, FileTypes::ALL)?);
        }
    }
    let mut stored: Vec<StoredPhoto> = Vec::new();
    for (at, job, kind) in script.photos() {
        let index = KINDS.iter().position(|&it| it == kind).unwrap_or(0);
        let kept = match store.store(&drawn[index * VARIANTS + job % VARIANTS]) {
            Ok(kept) => kept,
            Err(error) => {
                stored.iter().for_each(|photo| store.discard(photo));
                return Err(error);
            }
        };
        let customer = &script.people[script.jobs[job].customer];
        let place = customer.latitude.zip(customer.longitude);
        let place = place.and_then(|(latitude, longitude)| Coordinates::new(latitude, longitude));
        stored.push(StoredPhoto { taken_at: Some(at), place, ..kept });
    }
    Ok(stored)
}

fn draw(kind: PhotoKind, variant: u32) -> Result<Vec<u8>> {
    let mut picture = RgbImage::from_fn(WIDTH, HEIGHT, |x, y| wall(x, y, variant));
    match kind {
        PhotoKind::Device => modem(&mut picture, variant),
        PhotoKind::Attenuation => power_meter(&mut picture, variant),
        _ => distribution_point(&mut picture, variant),
    }
    let mut bytes = Cursor::new(Vec::new());
    picture
        .write_to(&mut bytes, ImageFormat::Png)
        .map_err(|error| Error::Internal(format!("demo picture: {error}")))?;
    Ok(bytes.into_inner())
}

/// Background: a painted wall with soft light and a little noise.
fn wall(x: u32, y: u32, variant: u32) -> Rgb<u8> {
    let grain = (x.wrapping_mul(7_919) ^ y.wrapping_mul(104_729) ^ (x * y)) % 9;
    let light = 40 * (WIDTH - x) / WIDTH + 20 * (HEIGHT - y) / HEIGHT;
    let base = [[176, 178, 168], [170, 182, 186], [190, 176, 160]][variant as usize % VARIANTS];
    Rgb(base.map(|channel: u32| u8::try_from((channel + light + grain).min(255)).unwrap_or(255)))
}

fn rectangle(picture: &mut RgbImage, (x, y): (u32, u32), (w, h): (u32, u32), colour: [u8; 3]) {
    for row in y..(y + h).min(HEIGHT) {
        for column in x..(x + w).min(WIDTH) {
            picture.put_pixel(column, row, Rgb(colour));
        }
    }
}

fn modem(picture: &mut RgbImage, variant: u32) {
    let x = 190 + variant * 25;
    rectangle(picture, (x + 6, 208), (420, 176), [120, 122, 120]);
    rectangle(picture, (x, 200), (420, 176), [238, 239, 240]);
    rectangle(picture, (x, 200), (420, 26), [214, 217, 220]);
    for antenna in [x + 20, x + 380] {
        rectangle(picture, (antenna, 70), (16, 130), [226, 228, 230]);
    }
    for lamp in 0..6 {
        let colour = if lamp == 4 && variant == 1 { [200, 200, 200] } else { [40, 190, 80] };
        rectangle(picture, (x + 40 + lamp * 44, 330), (14, 8), colour);
    }
    // The label with its bar code.
    rectangle(picture, (x + 270, 250), (130, 60), [252, 252, 250]);
    for bar in 0..28 {
        let width = 1 + (bar * 7 + variant) % 3;
        rectangle(picture, (x + 280 + bar * 4, 258), (width, 34), [20, 20, 20]);
    }
}

fn power_meter(picture: &mut RgbImage, variant: u32) {
    let x = 270 + variant * 15;
    rectangle(picture, (x, 90), (260, 430), [226, 170, 36]);
    rectangle(picture, (x + 20, 110), (220, 390), [52, 56, 60]);
    rectangle(picture, (x + 40, 140), (180, 96), [170, 196, 160]);
    let digits = [[1, 9, 4], [2, 0, 8], [1, 8, 2]][variant as usize % VARIANTS];
    rectangle(picture, (x + 50, 186), (16, 5), [30, 40, 30]);
    for (index, digit) in digits.into_iter().enumerate() {
        seven_segments(picture, x + 76 + index as u32 * 44, 158, digit);
    }
    for key in 0..6 {
        let place = (x + 46 + key % 3 * 60, 290 + key / 3 * 80);
        rectangle(picture, place, (48, 48), [96, 102, 108]);
    }
}

/// A seven-segment digit as on a meter.
fn seven_segments(picture: &mut RgbImage, x: u32, y: u32, digit: usize) {
    const LIT: [u8; 10] = [
        0b111_0111, 0b010_0100, 0b101_1101, 0b110_1101, 0b010_1110, 0b110_1011, 0b111_1011,
        0b010_0101, 0b111_1111, 0b110_1111,
    ];
    // Top, upper left, upper right, middle, lower left, lower right, bottom.
    let segments = [
        ((4, 0), (22, 5)),
        ((0, 4), (5, 24)),
        ((25, 4), (5, 24)),
        ((4, 28), (22, 5)),
        ((0, 32), (5, 24)),
        ((25, 32), (5, 24)),
        ((4, 56), (22, 5)),
    ];
    for (bit, ((dx, dy), size)) in segments.into_iter().enumerate() {
        if LIT[digit] >> bit & 1 == 1 {
            rectangle(picture, (x + dx, y + dy), size, [30, 40, 30]);
        }
    }
}

fn distribution_point(picture: &mut RgbImage, variant: u32) {
    rectangle(picture, (80 + variant * 60, 0), (70, HEIGHT), [128, 126, 120]);
    let x = 250 + variant * 20;
    rectangle(picture, (x + 8, 128), (320, 360), [110, 112, 112]);
    rectangle(picture, (x, 120), (320, 360), [34, 37, 40]);
    rectangle(picture, (x + 24, 150), (272, 200), [70, 76, 82]);
    for port in 0..8 {
        let place = (x + 36 + port * 32, 170);
        let colour = if port <= 4 + variant { [44, 112, 196] } else { [46, 50, 54] };
        rectangle(picture, place, (20, 34), colour);
        if port <= 4 + variant {
            rectangle(picture, (place.0 + 7, 204), (6, 276), [240, 200, 40]);
        }
    }
    rectangle(picture, (x + 90, 392), (140, 44), [236, 236, 230]);
}
