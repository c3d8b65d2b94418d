//! Bar charts as pictures, legible on a phone.

mod canvas;

use std::io::Cursor;

use chrono::Datelike;
use image::{ImageError, ImageFormat, Rgb};
use shared::dashboard::DayCount;

use canvas::{Canvas, FontSize};

/// Pixels of the picture.
const WIDTH: u32 = 960;
const HEIGHT: u32 = 540;
/// The area of the bars.
const LEFT: u32 = 64;
const RIGHT: u32 = 936;
const TOP: u32 = 104;
const BOTTOM: u32 = 472;

const TEXT_COLOUR: Rgb<u8> = Rgb([38, 50, 56]);
const GRID_COLOUR: Rgb<u8> = Rgb([222, 227, 230]);
const CREATED_COLOUR: Rgb<u8> = Rgb([255, 160, 0]);
const COMPLETED_COLOUR: Rgb<u8> = Rgb([46, 125, 50]);

/// The texts of a chart; only their ASCII characters are drawn.
pub struct ChartTexts<'a> {
    pub title: &'a str,
    pub created: &'a str,
    pub completed: &'a str,
}

/// Draws bars of the jobs created and completed on each day, as a PNG.
///
/// # Errors
/// The picture can not be encoded.
pub fn bar_chart(texts: &ChartTexts<'_>, days: &[DayCount]) -> Result<Vec<u8>, ImageError> {
    let mut canvas = Canvas::new(WIDTH, HEIGHT);
    canvas.text(LEFT, 16, texts.title, FontSize::Large, TEXT_COLOUR);
    legend(&mut canvas, texts);
    let most = days.iter().map(|day| day.created.max(day.completed)).max().unwrap_or(0);
    let step = grid_step(most);
    // At least one line above the axis, and room above the highest bar.
    let lines = (most / step + 1).max(1);
    let scale = f64::from(BOTTOM - TOP) / (lines * step) as f64;
    let height = |count: i64| (count as f64 * scale).round() as u32;
    for line in 0..=lines {
        let y = BOTTOM - height(line * step);
        canvas.fill(LEFT, y, RIGHT - LEFT, 1, if line == 0 { TEXT_COLOUR } else { GRID_COLOUR });
        let label = (line * step).to_string();
        let x = (LEFT - 8).saturating_sub(canvas::text_width(&label, FontSize::Small));
        canvas.text(x, y - 8, &label, FontSize::Small, TEXT_COLOUR);
    }
    let slot = (RIGHT - LEFT) / (days.len() as u32).max(1);
    let bar = (slot * 2 / 5).clamp(2, 40);
    for (index, day) in days.iter().enumerate() {
        let middle = LEFT + slot * index as u32 + slot / 2;
        for (x, count, colour) in
            [(middle - bar, day.created, CREATED_COLOUR), (middle, day.completed, COMPLETED_COLOUR)]
        {
            canvas.fill(x, BOTTOM - height(count), bar - 1, height(count), colour);
        }
        axis_label(&mut canvas, days, index, middle);
    }
    let mut bytes = Cursor::new(Vec::new());
    canvas.picture().write_to(&mut bytes, ImageFormat::Png)?;
    Ok(bytes.into_inner())
}

fn legend(canvas: &mut Canvas, texts: &ChartTexts<'_>) {
    let mut x = LEFT;
    for (label, colour) in [(texts.created, CREATED_COLOUR), (texts.completed, COMPLETED_COLOUR)] {
        canvas.fill(x, 62, 16, 16, colour);
        canvas.text(x + 24, 58, label, FontSize::Large, TEXT_COLOUR);
        x += 24 + canvas::text_width(label, FontSize::Large) + 40;
    }
}

/// Labels a day below its bars. If there is no room for every day, the last one is always labelled.
fn axis_label(canvas: &mut Canvas, days: &[DayCount], index: usize, middle: u32) {
    let every = days.len().div_ceil(10).max(1);
    if !(days.len() - 1 - index).is_multiple_of(every) {
        return;
    }
    let day = days[index].day;
    let label = format!("{}/{}", day.day(), day.month());
    let x = middle.saturating_sub(canvas::text_width(&label, FontSize::Large) / 2);
    canvas.text(
        x.min(WIDTH - canvas::text_width(&label, FontSize::Large)),
        BOTTOM + 12,
        &label,
        FontSize::Large,
        TEXT_COLOUR,
    );
}

/// The distance of the grid lines: 1, 2 or 5 times a power of ten, so that there are at most six.
fn grid_step(most: i64) -> i64 {
    let mut power = 1;
    loop {
        for factor in [1, 2, 5] {
            if most / (factor * power) < 6 {
                return factor * power;
            }
        }
        power *= 10;
    }
}

#[cfg(test)]
mod tests {
    use chrono::{Days, NaiveDate};

    use super::*;

    const TEXTS: ChartTexts<'_> =
        ChartTexts { title: "Pekerjaan", created: "Dibuat", completed: "Selesai" };

    fn days(count: u64) -> Vec<DayCount> {
        let first = NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
        let day = |n: u64| DayCount {
            day: first + Days::new(n),
            created: (n * 7 % 11).cast_signed(),
            completed: (n * 5 % 9).cast_signed(),
        };
        (0..count).map(day).collect()
    }

    #[test]
    fn a_chart_is_a_small_picture_with_bars_of_both_colours() {
        for count in [1, 7, 30] {
            let bytes = bar_chart(&TEXTS, &days(count)).unwrap();
            assert!(bytes.len() < 60_000, "{} bytes", bytes.len());
            let picture = image::load_from_memory(&bytes).unwrap().to_rgb8();
            assert_eq!(picture.dimensions(), (WIDTH, HEIGHT));
            assert_eq!(*picture.get_pixel(0, 0), Rgb([255, 255, 255]));
            let area = |colour| picture.pixels().filter(|pixel| **pixel == colour).count();
            // More than the squares of the legend.
            assert!(count == 1 || area(CREATED_COLOUR) > 1_000 && area(COMPLETED_COLOUR) > 1_000);
        }
    }

    #[test]
    fn a_chart_without_data_is_drawn() {
        assert!(bar_chart(&TEXTS, &[]).is_ok());
        let day = NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
        assert!(bar_chart(&TEXTS, &[DayCount { day, created: 0, completed: 0 }]).is_ok());
    }

    #[test]
    fn grid_lines_are_few_and_at_round_numbers() {
        assert_eq!([0, 5, 6, 11, 12, 29, 30, 400].map(grid_step), [1, 1, 2, 2, 5, 5, 10, 100]);
    }
}
