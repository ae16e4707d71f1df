//! The report for people: the instances, their times, their failures. PURE.
#![warn(clippy::disallowed_methods)]

use super::body::spread;
use super::words;
use kit_probe::event::{Phases, Sample};
use kit_probe::recording::Header;
use kit_probe::verdict::{Health, MemberStanding, Verdict};
use kit_report::{Block, Section, Table};

/// Instances whose failures are told one by one; the JSON report has all.
const TOLD: usize = 20;

/// Worst first.
pub fn sections(header: &Header, verdict: &Verdict) -> Vec<Section> {
    let mut members: Vec<&MemberStanding> = verdict.instances.iter().flat_map(|one| &one.members).collect();
    members.sort_by_key(|member| (member.health == Health::Healthy, member.target));
    let mut sections = Vec::new();
    if !members.is_empty() {
        sections.push(Section { title: "Instances".to_owned(), blocks: vec![Block::Table(table(header, &members))] });
        if members.iter().any(|member| !member.pass_phases.is_empty()) {
            let blocks = vec![Block::Table(times(&members))];
            sections.push(Section { title: "Times of the passes (median, longest)".to_owned(), blocks });
        }
    }
    let failed: Vec<&&MemberStanding> = members.iter().filter(|member| member.first_failure.is_some()).collect();
    if !failed.is_empty() {
        let mut blocks: Vec<Block> = failed.iter().take(TOLD).map(|member| failures(header, member)).collect();
        if failed.len() > TOLD {
            blocks.push(Block::Text(format!("{} more failed; the JSON report has them all.", failed.len() - TOLD)));
        }
        sections.push(Section { title: "Failures".to_owned(), blocks });
    }
    sections
}

fn table(header: &Header, members: &[&MemberStanding]) -> Table {
    let several = header.targets.len() > 1;
    let zones = members.iter().any(|member| member.member.zone.is_some());
    let mut columns = vec!["Instance"];
    columns.extend(zones.then_some("Zone"));
    columns.extend(several.then_some("Target"));
    columns.extend(["Address", "Health", "In a row", "Passes", "Failures"]);
    columns.extend(header.expected_version.as_ref().map(|_| "Version"));
    columns.push("Why");
    let row = |member: &&MemberStanding| {
        let mut row = vec![member.member.id.clone()];
        row.extend(zones.then(|| member.member.zone.clone().unwrap_or_default()));
        row.extend(several.then(|| shown(header, member)));
        row.push(member.member.address.map(|address| address.to_string()).unwrap_or_default());
        row.push(health(member.health).to_owned());
        row.extend([member.streak, member.passes, member.failures].map(|count| count.to_string()));
        row.extend(
            header
                .expected_version
                .as_ref()
                .map(|_| member.last.as_ref().and_then(Sample::version).unwrap_or_default().to_owned()),
        );
        row.push(member.why.clone().unwrap_or_default());
        row
    };
    Table { columns, rows: members.iter().map(row).collect() }
}

fn times(members: &[&MemberStanding]) -> Table {
    let phases: [fn(&Phases) -> Option<u64>; 5] = [
        |phases| phases.dns_us,
        |phases| phases.connect_us,
        |phases| phases.tls_us,
        |phases| phases.first_byte_us,
        |phases| Some(phases.total_us),
    ];
    let row = |member: &&MemberStanding| {
        let mut row = vec![member.member.id.clone()];
        row.extend(phases.iter().map(|phase| match spread(&member.pass_phases, phase) {
            Some((median, max)) => format!("{}, {}", words::time(median), words::time(max)),
            None => String::new(),
        }));
        row
    };
    let rows = members.iter().filter(|member| !member.pass_phases.is_empty()).map(row).collect();
    Table { columns: vec!["Instance", "DNS", "Connect", "TLS", "First byte", "Total"], rows }
}

fn failures(header: &Header, member: &MemberStanding) -> Block {
    let mut blocks = Vec::new();
    for (what, sample) in [("First", &member.first_failure), ("Last", &member.last_failure)] {
        let Some((sample, step)) = sample.as_ref().and_then(|sample| Some((sample, sample.failed_step()?))) else {
            continue;
        };
        let asked = step.asked.as_ref().map(|asked| format!(", asked for {asked}")).unwrap_or_default();
        blocks.push(Block::Text(format!(
            "{what} failure, {} after the beginning (probe {}): {}{asked}",
            words::time(sample.at_us),
            sample.round,
            words::failure(step)
        )));
        if let Some(body) = &step.body_start {
            blocks.push(Block::Preformatted(body.clone()));
        }
    }
    Block::Details { summary: format!("{} {}", member.member.id, shown(header, member)), blocks }
}

fn shown(header: &Header, member: &MemberStanding) -> String {
    header.targets.get(member.target).map(|target| target.shown.clone()).unwrap_or_default()
}

/// A word for the table.
pub fn health(health: Health) -> &'static str {
    match health {
        Health::Healthy => "healthy",
        Health::Unhealthy => "unhealthy",
        Health::CheckerFailed => "could not be asked",
        Health::Unreachable => "unreachable from here",
        Health::NothingFound => "nothing found",
        Health::Cut => "not proven",
    }
}
