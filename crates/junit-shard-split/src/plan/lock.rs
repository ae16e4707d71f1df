//! The locked plan and the receipts: what a later step, or a re-run of a failed job, relies on.

#![warn(clippy::disallowed_methods)]

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Version of both files' shape.
pub const LOCK_SCHEMA: u32 = 1;

/// What a unit of the split is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum UnitKind {
    /// A test file.
    File,
    /// A test class: `path::Class`.
    Class,
    /// One test: `path::Class::name` or `path::name`.
    Test,
}

/// The plan file that `plan --plan FILE` writes and `shard`, `run` and `verify` read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanFile {
    /// [`LOCK_SCHEMA`].
    pub schema: u32,
    /// `sha256:` and 64 hex digits over the whole plan, `inputs` among it; see [`PlanFile::seal`]. Workers that print the
    /// same digest split alike.
    pub digest: String,
    /// Digest over what decided the plan beside the names of the units: tree, options, and the times in the order of the
    /// names.
    pub inputs: String,
    /// The git tree of the checkout, when there is one. Unlike HEAD's hash it is the same in every step of a pull-request
    /// pipeline that merges the destination branch again.
    pub tree: Option<String>,
    /// What a unit is.
    pub unit: UnitKind,
    /// One for each shard, in order.
    pub shards: Vec<PlannedShard>,
    /// No plan can have a longest shard below this, in microseconds, overheads included.
    pub lower_bound_us: u64,
    /// The longest shard's predicted time, in microseconds, overheads included.
    pub makespan_us: u64,
    /// How close the plan is to the best: `optimal`, `equals-bound` or `within N ppm`.
    pub proof: String,
    /// Units without timings, whose time is an estimate. Sorted.
    pub estimated: Vec<String>,
}

/// One shard of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedShard {
    /// 0-based.
    pub shard: usize,
    /// Predicted time in microseconds, overheads included.
    pub predicted_us: u64,
    /// The units that this shard runs. Sorted.
    pub units: Vec<String>,
}

impl PlanFile {
    /// The digest over what decides a plan beside the names of the units, which [`PlanFile::seal`] covers: the git tree, the
    /// options, and the weight (in microseconds) of each unit, in the order of their names.
    pub fn inputs_of(tree: Option<&str>, weights_us: &[u64], options: &str) -> String {
        let mut digest = Parts::new("junit-shard-split inputs 1");
        digest.part(tree.unwrap_or_default().as_bytes());
        digest.part(options.as_bytes());
        let bytes: Vec<u8> = weights_us.iter().flat_map(|weight| weight.to_le_bytes()).collect();
        digest.part(&bytes);
        digest.finish()
    }

    /// The same plan with the digest that belongs to it.
    pub fn seal(mut self) -> Self {
        self.digest = self.digest_of();
        self
    }

    /// Whether nobody changed the plan since it was sealed.
    pub fn is_sealed(&self) -> bool {
        self.digest == self.digest_of()
    }

    fn digest_of(&self) -> String {
        let mut digest = Parts::new("junit-shard-split plan 1");
        digest.part(self.inputs.as_bytes());
        digest.part(self.tree.as_deref().unwrap_or_default().as_bytes());
        digest.part(&[self.unit as u8]);
        for shard in &self.shards {
            digest.part(&shard.predicted_us.to_le_bytes());
            digest.part(&(shard.units.len() as u64).to_le_bytes());
            digest.part(&names(&shard.units).to_le_bytes());
        }
        digest.finish()
    }
}

/// FNV-1a of 128 bits over names, each ended. It is many times cheaper than SHA-256 for megabytes of names, and enough: the
/// digest shows mix-ups and edits; whoever wants to deceive could seal a plan of his own.
/// Source: datatracker.ietf.org/doc/draft-eastlake-fnv.
fn names(units: &[String]) -> u128 {
    let mut hash: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    for byte in units.iter().flat_map(|unit| unit.bytes().chain([b'\n'])) {
        hash = (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
    }
    hash
}

/// SHA-256 over parts. Each is preceded by its length, so that no two lists of parts read the same.
struct Parts(Sha256);

impl Parts {
    fn new(what: &str) -> Self {
        let mut parts = Parts(Sha256::new());
        parts.part(what.as_bytes());
        parts
    }

    fn part(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    fn finish(self) -> String {
        self.0.finalize().iter().fold(String::from("sha256:"), |hex, byte| hex + &format!("{byte:02x}"))
    }
}

/// Which attempt at a CI's job a worker is: of two receipts of one shard, that of the later attempt counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attempt {
    /// What the CI calls the job, the same in each attempt at it.
    pub job: String,
    /// Grows with each attempt; it need not begin with 1 or go in steps of 1.
    pub number: u64,
}

/// What a worker leaves: which shard it took, and how its command ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// [`LOCK_SCHEMA`].
    pub schema: u32,
    /// 0-based.
    pub shard: usize,
    /// How many shards the plan has.
    pub shards: usize,
    /// The digest of the plan that the worker used.
    pub digest: String,
    /// The units that it was given. Sorted.
    pub units: Vec<String>,
    /// The command's exit code; `None` when the command was killed, or when the shard was only printed and the tool never
    /// ran a command.
    pub exit_code: Option<i32>,
    /// The signal that ended the command, by its number.
    pub signal: Option<i32>,
    /// Whether the tool ran the command itself (`run`), so that the exit code is evidence.
    pub ran: bool,
    /// How long the command took, in milliseconds.
    pub duration_ms: u64,
    /// When the worker took its shard, in milliseconds since 1970 by the machine's clock. It only tells two runs from two
    /// copies of one receipt; no order is taken from it, since machines' clocks differ.
    #[serde(default)]
    pub started_ms: u64,
    /// `None` where the CI does not say.
    #[serde(default)]
    pub attempt: Option<Attempt>,
}
