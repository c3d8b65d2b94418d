//! Shrinking of photos before they are sent, so that they are not sent at a size that the server does not keep.

use js_sys::{Array, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, CanvasRenderingContext2d, File, HtmlCanvasElement, ImageBitmap,
    ImageBitmapOptions, ResizeQuality,
};

use super::picture_head::PictureHead;

/// Smaller files are sent as they are, in bytes.
const LARGE_BYTES: f64 = 1_000_000.0;
/// Longest edge that the server keeps, in pixels.
const MAX_EDGE: u32 = 2_560;
/// The metadata of a photo are within its first bytes.
const HEAD_BYTES: f64 = 512.0 * 1024.0;
/// Part of a file that is read at a time, in bytes.
const PART_BYTES: f64 = 1024.0 * 1024.0;
/// Quality of the JPEG. The server encodes it once more.
const QUALITY: f64 = 0.9;
const JPEG: &str = "image/jpeg";

/// Makes a smaller JPEG with the same time and position of a large photo. `None` if the file is to be sent as it is:
/// it is small, or this browser cannot decode it.
pub async fn shrink(file: &File) -> Option<Blob> {
    let head = PictureHead::read(&read(file, 0.0, HEAD_BYTES).await?);
    if (file.size() <= LARGE_BYTES && !head.is_heic) || head.has_other_metadata {
        return None;
    }
    // A browser would complete half a picture, and nobody would be told.
    if let Some(from) = head.pixels_at
        && !has_end(file, from).await
    {
        return None;
    }
    let bitmap = decode(file, head.size).await.ok()?;
    let jpeg = encode(&bitmap).await;
    bitmap.close();
    let jpeg = with_metadata(jpeg.ok()?, head.exif.as_deref()).ok()?;
    (jpeg.size() < file.size() || head.is_heic).then_some(jpeg)
}

async fn read(file: &Blob, from: f64, to: f64) -> Option<Vec<u8>> {
    let part = file.slice_with_f64_and_f64(from, to.min(file.size())).ok()?;
    let buffer = JsFuture::from(part.array_buffer()).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}

/// Whether the mark of the end follows the start of the pixels.
async fn has_end(file: &Blob, from: usize) -> bool {
    let mut from = from as f64;
    while from < file.size() {
        let Some(bytes) = read(file, from, from + PART_BYTES).await else { return false };
        if bytes.windows(2).any(|two| two == [0xFF, 0xD9]) {
            return true;
        }
        // The mark may lie across two parts.
        from += PART_BYTES - 1.0;
    }
    false
}

/// Decodes a picture and turns it upright. If its size is known, it is scaled while it is decoded: one side is enough,
/// and whether the browser scales before or after it turns the picture, the result is not too small.
async fn decode(file: &Blob, size: Option<(u32, u32)>) -> Result<ImageBitmap, JsValue> {
    let options = ImageBitmapOptions::new();
    options.set_resize_quality(ResizeQuality::High);
    match size {
        Some((width, height)) if width >= height && width > MAX_EDGE => {
            options.set_resize_width(MAX_EDGE);
        }
        Some((_, height)) if height > MAX_EDGE => options.set_resize_height(MAX_EDGE),
        _ => {}
    }
    let window = web_sys::window().ok_or(JsValue::UNDEFINED)?;
    let decoded = window.create_image_bitmap_with_blob_and_image_bitmap_options(file, &options)?;
    JsFuture::from(decoded).await?.dyn_into()
}

async fn encode(bitmap: &ImageBitmap) -> Result<Blob, JsValue> {
    let longer = bitmap.width().max(bitmap.height()).max(1);
    let scale = f64::from(MAX_EDGE.min(longer)) / f64::from(longer);
    let side = |pixels: u32| (f64::from(pixels) * scale).round().max(1.0);
    let (width, height) = (side(bitmap.width()), side(bitmap.height()));
    let document = web_sys::window().and_then(|window| window.document());
    let canvas = document.ok_or(JsValue::UNDEFINED)?.create_element("canvas")?;
    let canvas: HtmlCanvasElement = canvas.dyn_into()?;
    canvas.set_width(width as u32);
    canvas.set_height(height as u32);
    let context = canvas.get_context("2d")?.ok_or(JsValue::UNDEFINED)?;
    let context: CanvasRenderingContext2d = context.dyn_into()?;
    // JPEG has no transparency, and the server makes it white too.
    context.set_fill_style_str("white");
    context.fill_rect(0.0, 0.0, width, height);
    Reflect::set(&context, &"imageSmoothingQuality".into(), &"high".into())?;
    context.draw_image_with_image_bitmap_and_dw_and_dh(bitmap, 0.0, 0.0, width, height)?;
    let encoded = Promise::new(&mut |resolve, reject| {
        let done = resolve.unchecked_into();
        let begun = canvas.to_blob_with_type_and_encoder_options(&done, JPEG, &QUALITY.into());
        if let Err(error) = begun {
            let _ = reject.call1(&JsValue::UNDEFINED, &error);
        }
    });
    JsFuture::from(encoded).await?.dyn_into()
}

/// Inserts a segment behind the two bytes that begin every JPEG.
fn with_metadata(jpeg: Blob, segment: Option<&[u8]>) -> Result<Blob, JsValue> {
    let Some(segment) = segment else { return Ok(jpeg) };
    let start = jpeg.slice_with_f64_and_f64(0.0, 2.0)?;
    let rest = jpeg.slice_with_f64_and_f64(2.0, jpeg.size())?;
    let parts = Array::of3(&start, &Uint8Array::from(segment), &rest);
    let kind = BlobPropertyBag::new();
    kind.set_type(JPEG);
    Blob::new_with_blob_sequence_and_options(&parts, &kind)
}
