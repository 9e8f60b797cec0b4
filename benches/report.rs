//! What the benchmarks print at the end: the medians of a run as ratios.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use criterion::Criterion;

/// The results of one run.
pub(crate) struct Report {
    folder: PathBuf,
    started: SystemTime,
}

impl Report {
    /// A report of what is measured from now on.
    pub(crate) fn start() -> Self {
        Self { folder: target().join("criterion"), started: SystemTime::now() }
    }

    /// Criterion as all benchmarks set it up, with the arguments of the command.
    pub(crate) fn criterion(&self) -> Criterion {
        Criterion::default()
            .output_directory(&self.folder)
            .sample_size(20)
            .warm_up_time(Duration::from_millis(500))
            .measurement_time(Duration::from_secs(2))
            .configure_from_args()
    }

    /// The medians of a group, and how often each goes into the first one; nothing where none was measured.
    pub(crate) fn ratios(&self, group: &str, jobs: &[&str]) -> String {
        let mut table = String::new();
        let medians: Vec<_> = jobs.iter().filter_map(|job| Some((*job, self.median(group, job)?))).collect();
        let Some((_, first)) = medians.first().copied() else { return table };
        writeln!(table, "{group}").expect("a string takes all");
        for (job, median) in medians {
            let microseconds = median / 1_000.0;
            writeln!(table, "  {job:<26} {microseconds:>10.2} us {:>8.2}", first / median)
                .expect("a string takes all");
        }
        table
    }

    /// How often the median of each job in the first group goes into the one in the second; nothing where
    /// none was measured.
    pub(crate) fn growth(&self, what: &str, groups: [&str; 2], jobs: &[&str]) -> String {
        let mut table = String::new();
        for job in jobs {
            let [Some(few), Some(many)] = groups.map(|group| self.median(group, job)) else { continue };
            if table.is_empty() {
                writeln!(table, "{what}").expect("a string takes all");
            }
            writeln!(table, "  {job:<26} {:>22.2}", many / few).expect("a string takes all");
        }
        table
    }

    /// The median in nanoseconds, where it was measured since the start.
    fn median(&self, group: &str, job: &str) -> Option<f64> {
        let path = self.folder.join(group).join(job).join("new/estimates.json");
        if path.metadata().ok()?.modified().ok()? < self.started {
            return None;
        }
        let estimates: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).ok()?).ok()?;
        estimates["median"]["point_estimate"].as_f64()
    }
}

/// The folder of the build that this program is of.
pub(crate) fn target() -> PathBuf {
    let program = std::env::current_exe().expect("a program has a path");
    program.ancestors().nth(3).expect("target/PROFILE/deps/program").to_owned()
}
