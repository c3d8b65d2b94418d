//! Uploads of photos as telephones take them.

use std::io::Cursor;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};
use shared::JobId;

use crate::bench::{Bench, RunningServer};
use crate::data::samples;
use crate::load::{Sample, histogram};
use crate::measure::{Samples, memory};
use crate::plan::{Database, Part};
use crate::report::{Fact, RateRow, Results};
use crate::{Result, http, requests};

/// Technicians who upload at the same time.
const CLIENTS: usize = 2;
/// Twelve megapixels.
const SIZE: (u32, u32) = (4_000, 3_000);
const QUALITY: u8 = 85;
/// Longest wait for the answer to an upload.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Uploads photos to unfinished jobs.
pub fn measure(bench: &mut Bench, database: Database, results: &mut Results) -> Result {
    let running = bench.serve(database, bench.plan.usual())?;
    let photo = photo()?;
    let count = bench.plan.durations.photos as usize;
    let jobs = samples::assigned_jobs(&running.data, count)?;
    let began = Instant::now();
    let times = std::thread::scope(|scope| -> Result<Vec<Duration>> {
        let share = jobs.len().div_ceil(CLIENTS).max(1);
        let uploading: Vec<_> = jobs
            .chunks(share)
            .map(|jobs| {
                scope.spawn(|| jobs.iter().map(|job| upload(&running, *job, &photo)).collect())
            })
            .collect();
        let ended = uploading
            .into_iter()
            .map(|thread| thread.join().map_err(|_| "an upload ended early".to_owned())?);
        Ok(ended.collect::<Result<Vec<Vec<Duration>>>>()?.concat())
    })?;
    let elapsed = began.elapsed().as_secs_f64();
    let mut histogram = histogram()?;
    times.iter().for_each(|time| histogram.saturating_record(time.as_micros() as u64));
    results.rates.push(RateRow {
        part: Part::Photos,
        database,
        what: format!("upload of a photo of {:.1} MB", photo.len() as f64 / 1e6),
        jobs: running.data.jobs,
        clients: CLIENTS,
        server: Samples(vec![Sample::of(&histogram, times.len() as f64 / elapsed)]),
        reference: None,
    });
    results.facts.push(Fact {
        part: Part::Photos,
        database: Some(database),
        what: "memory at most during the uploads".to_owned(),
        jobs: Some(running.data.jobs),
        value: memory::read_peak(running.server.process.id()),
        unit: "MB",
    });
    Ok(())
}

/// Uploads one photo and returns how long it took.
fn upload(running: &RunningServer, job: JobId, photo: &[u8]) -> Result<Duration> {
    let request = requests::photo(job, &running.token, photo);
    let began = Instant::now();
    let stream = TcpStream::connect(running.server.address).map_err(|error| error.to_string())?;
    let answer = http::exchange_within(stream, &request, TIMEOUT)?;
    match answer.is_success() {
        true => Ok(began.elapsed()),
        false => Err(format!("a photo was answered with {}: {}", answer.status, answer.text())),
    }
}

/// A picture with enough detail that it is as large as one of a telephone.
fn photo() -> Result<Vec<u8>> {
    let picture = RgbImage::from_fn(SIZE.0, SIZE.1, |x, y| {
        // Coarse shapes with some grain.
        let grain =
            (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)).wrapping_mul(69_621) >> 28;
        let shade = |step: u32| (((x / step) ^ (y / step)) % 200) as u8 + grain as u8;
        Rgb([shade(16), shade(24), shade(40)])
    });
    let mut bytes = Cursor::new(Vec::new());
    let encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
    picture.write_with_encoder(encoder).map_err(|error| error.to_string())?;
    Ok(bytes.into_inner())
}
