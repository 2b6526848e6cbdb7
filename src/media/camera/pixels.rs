// SPDX-License-Identifier: GPL-3.0-only
//! What cameras deliver, as RGB.

use device::FRAME_SIDE_MAX;
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

/// The bytes are no picture of the size asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NoPicture;

/// Two pixels in four bytes, luma and shared chroma, as ITU-R BT.601 with 16 to 235 for black to white: what UVC
/// cameras mean by YUYV.
pub(super) fn rgb_of_yuyv(yuyv: &[u8], width: u32, height: u32) -> Result<Vec<u8>, NoPicture> {
    let pixels = checked_pixels(width, height)?;
    let yuyv = yuyv.get(..pixels * 2).filter(|_| width.is_multiple_of(2)).ok_or(NoPicture)?;
    let mut rgb = Vec::with_capacity(pixels * 3);
    for pair in yuyv.chunks_exact(4) {
        let (u, v) = (i32::from(pair[1]) - 128, i32::from(pair[3]) - 128);
        for y in [pair[0], pair[2]] {
            let luma = 298 * (i32::from(y) - 16) + 128;
            let channels = [luma + 409 * v, luma - 100 * u - 208 * v, luma + 516 * u];
            rgb.extend(channels.map(|c| (c >> 8).clamp(0, 255) as u8));
        }
    }
    Ok(rgb)
}

/// Start of a JPEG, and the segment by which the decoder knows motion JPEG and puts in the usual Huffman tables where
/// a picture has none. Many cameras leave out tables and segment alike.
const START: &[u8] = b"\xff\xd8";
const MOTION_JPEG: &[u8] = b"\xff\xe0\x00\x10AVI1\0\0\0\0\0\0\0\0\0\0";

/// One JPEG of a motion-JPEG stream, which may lack its Huffman tables and may be followed by rubbish.
pub(super) fn rgb_of_jpeg(jpeg: &[u8], width: u32, height: u32) -> Result<Vec<u8>, NoPicture> {
    let pixels = checked_pixels(width, height)?;
    let jpeg = [START, MOTION_JPEG, jpeg.strip_prefix(START).ok_or(NoPicture)?].concat();
    let options = DecoderOptions::default()
        .set_max_width(FRAME_SIDE_MAX as usize)
        .set_max_height(FRAME_SIDE_MAX as usize)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(jpeg), options);
    decoder.decode_headers().map_err(|_| NoPicture)?;
    if decoder.dimensions() != Some((width as usize, height as usize)) {
        return Err(NoPicture);
    }
    decoder.decode().ok().filter(|rgb| rgb.len() == pixels * 3).ok_or(NoPicture)
}

fn checked_pixels(width: u32, height: u32) -> Result<usize, NoPicture> {
    let sides = 1..=FRAME_SIDE_MAX;
    if !sides.contains(&width) || !sides.contains(&height) {
        return Err(NoPicture);
    }
    Ok(width as usize * height as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bt601_colours_come_out_right() {
        // 75 % colour bars of ITU-R BT.801.
        for (yuv, rgb) in [
            ([235, 128, 128], [255, 255, 255]),
            ([16, 128, 128], [0, 0, 0]),
            ([65, 100, 212], [191, 0, 0]),
            ([112, 72, 58], [0, 191, 0]),
            ([35, 212, 114], [0, 0, 191]),
        ] {
            let [y, u, v] = yuv;
            let seen = rgb_of_yuyv(&[y, u, y, v], 2, 1).expect("a picture");
            for (seen, wanted) in seen.iter().zip(rgb.repeat(2)) {
                assert!(seen.abs_diff(wanted) <= 2, "{yuv:?} gave {seen:?}, not {rgb:?}");
            }
        }
    }

    #[test]
    fn luma_extremes_are_clamped() {
        assert_eq!(rgb_of_yuyv(&[0, 0, 255, 255], 2, 1).map(|rgb| rgb.len()), Ok(6));
    }

    /// A smooth picture as a camera sends it.
    fn jpeg(width: u32, height: u32) -> (image::RgbImage, Vec<u8>) {
        let picture = image::RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, 128]));
        let mut bytes = Vec::new();
        image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 95)
            .encode_image(&picture)
            .expect("encodes");
        (picture, bytes)
    }

    /// The same without its Huffman tables, as motion JPEG leaves them out.
    fn without_tables(jpeg: &[u8]) -> Vec<u8> {
        let (mut out, mut at) = (jpeg[..2].to_vec(), 2);
        while jpeg[at + 1] != 0xda {
            let end = at + 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
            if jpeg[at + 1] != 0xc4 {
                out.extend(&jpeg[at..end]);
            }
            at = end;
        }
        out.extend(&jpeg[at..]);
        out
    }

    #[test]
    fn a_jpeg_comes_out_as_it_went_in_with_or_without_its_tables() {
        let (picture, whole) = jpeg(160, 120);
        let bare = without_tables(&whole);
        assert!(bare.len() < whole.len());
        let followed_by_rubbish = [whole.as_slice(), &[0xab; 300]].concat();
        for bytes in [whole, bare, followed_by_rubbish] {
            let rgb = rgb_of_jpeg(&bytes, 160, 120).expect("a picture");
            assert!(rgb.iter().zip(picture.as_raw()).all(|(seen, sent)| seen.abs_diff(*sent) < 16));
        }
    }

    #[test]
    fn a_jpeg_of_another_size_than_agreed_is_no_picture() {
        let (_, bytes) = jpeg(160, 120);
        assert_eq!(rgb_of_jpeg(&bytes, 120, 160), Err(NoPicture));
        assert_eq!(rgb_of_jpeg(&bytes, 640, 480), Err(NoPicture));
    }

    #[test]
    fn too_few_bytes_and_absurd_sizes_are_no_picture() {
        for (bytes, width, height) in [(3, 2, 1), (0, 0, 0), (8, 2, 4097), (1 << 20, u32::MAX, 2), (6, 3, 1)]
        {
            assert_eq!(rgb_of_yuyv(&vec![0; bytes], width, height), Err(NoPicture));
        }
        for jpeg in [&b""[..], b"\xff\xd8\xff\xd9", &[0xff; 1000]] {
            assert_eq!(rgb_of_jpeg(jpeg, 640, 480), Err(NoPicture));
        }
    }
}
