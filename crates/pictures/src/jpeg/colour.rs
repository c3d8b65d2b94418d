//! Colour spaces of JPEG files.

use jpeg_decoder::ColorTransform;

use super::structure::Structure;

/// How the channels become colours. The order of the rules is that of libjpeg, which most programs use.
pub fn transform(structure: &Structure) -> ColorTransform {
    let components = structure.frame.as_ref().map_or(&[][..], |frame| &frame.components);
    match (components, structure.adobe) {
        ([_], _) => ColorTransform::Grayscale,
        ([_, _, _, _], Some(2)) => ColorTransform::YCCK,
        ([_, _, _, _], _) => ColorTransform::CMYK,
        (_, _) if structure.is_jfif => ColorTransform::YCbCr,
        (_, Some(0)) => ColorTransform::RGB,
        ([red, green, blue], None) if [red.id, green.id, blue.id] == *b"RGB" => ColorTransform::RGB,
        _ => ColorTransform::YCbCr,
    }
}

/// Converts amounts of four inks into colours. Programs of Adobe store inks inverted, which the decoder
/// takes for granted.
pub fn rgb_of_inks(inks: &[u8], structure: &Structure) -> Vec<u8> {
    let inverted = structure.adobe.is_some();
    let mut rgb = Vec::with_capacity(inks.len() / 4 * 3);
    for pixel in inks.chunks_exact(4) {
        // How much light an ink lets through.
        let light = |ink: u8| u16::from(if inverted { 255 - ink } else { ink });
        let black = light(pixel[3]);
        rgb.extend(pixel[..3].iter().map(|&ink| (light(ink) * black / 255) as u8));
    }
    rgb
}
