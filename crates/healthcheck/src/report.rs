//! What was decided, for people and for later steps. PURE: a recording gives the same report as the run that made it.
#![warn(clippy::disallowed_methods)]

mod body;
pub mod codes;
mod sections;
#[cfg(test)]
mod tests;
pub mod words;

use kit_probe::event::{Cause, MissKind, Sample, Step};
use kit_probe::recording::Header;
use kit_probe::verdict::{Health, MemberStanding, Mode, Standing, Verdict};
use kit_report::{Case, Finding, InsightsDatum, InsightsValue, Level, Report, plural};

/// What can be done when private addresses don't answer from here.
const CHOICES: &str = "there is probably no way to them from this machine: run `healthcheck probe` on each instance and \
                       `healthcheck judge` here, allow this machine's address in a rule for the test, or use a runner of \
                       your own in that network";

/// Addresses that left and that a note names.
const DEPARTED_NAMED: usize = 10;

/// The report over a run.
pub fn report(header: &Header, verdict: &Verdict) -> Report {
    let answer = match verdict.health {
        Health::Healthy => kit_report::Verdict::Pass,
        Health::Unhealthy => kit_report::Verdict::Fail,
        Health::CheckerFailed => kit_report::Verdict::Error,
        Health::Unreachable | Health::NothingFound | Health::Cut => kit_report::Verdict::Unproven,
    };
    let healthy = verdict.instances.iter().filter(|one| one.health == Health::Healthy).count();
    let mut report = Report::new(crate::TOOL.name, crate::TOOL.version, answer, headline(header, verdict, healthy));
    report.on_commit = false;
    report.rules = codes::RULES;
    report.findings = findings(header, verdict);
    report.sections = sections::sections(header, verdict);
    report.body = body::body(header, verdict);
    report.lists.insert("instances", body::instances(header, verdict));
    report.cases = cases(header, verdict);
    report.set_output("verdict", answer.as_str());
    report.set_output("instances", verdict.instances.len().to_string());
    report.set_output("healthy", healthy.to_string());
    let ids = |wanted: &dyn Fn(&Standing) -> bool| -> String {
        let ids = verdict.instances.iter().filter(|one| wanted(one)).map(|one| one.id.replace(char::is_control, " "));
        ids.collect::<Vec<_>>().join("\n")
    };
    report.set_output("unhealthy", ids(&|one| one.health != Health::Healthy));
    report.set_output("laggards", ids(&|one| one.members.iter().any(lags)));
    report.insights.data = vec![
        number("Instances", verdict.instances.len()),
        number("Healthy", healthy),
        number("Needed", usize::try_from(verdict.needed).unwrap_or(usize::MAX)),
    ];
    report
}

fn number(title: &str, value: usize) -> InsightsDatum {
    InsightsDatum { title: title.to_owned(), value: InsightsValue::Number(value as u64) }
}

fn headline(header: &Header, verdict: &Verdict, healthy: usize) -> String {
    let all = plural(verdict.instances.len(), "instance");
    match verdict.health {
        Health::Healthy => {
            let how = match header.rules.mode {
                Mode::Wait => format!("after {}", words::time(verdict.ended_us)),
                Mode::Hold => format!("for {}", words::time(verdict.ended_us)),
                Mode::Once => format!("in {}", words::time(verdict.ended_us)),
            };
            format!("{healthy} of {all} healthy {how}")
        }
        Health::Unhealthy => verdict.why.clone(),
        Health::Unreachable => format!("unproven: {}; {CHOICES}", verdict.why),
        Health::CheckerFailed | Health::NothingFound | Health::Cut => format!("no answer: {}", verdict.why),
    }
}

fn findings(header: &Header, verdict: &Verdict) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        header.notes.iter().map(|note| Finding::new("note", Level::Notice, note.clone())).collect();
    findings.extend(departed(header, verdict));
    // What a quorum tolerates is worth a look, and does not make the answer another one.
    let level = if verdict.health == Health::Healthy { Level::Warning } else { Level::Error };
    for (target, fault) in &verdict.unresolved {
        let code = if fault.cause == Cause::NameNotFound { "name-not-found" } else { "checker-failed" };
        let shown = header.targets.get(*target).map(|target| target.shown.as_str()).unwrap_or_default();
        findings.push(Finding::new(code, level, format!("{shown}: {}", fault.message)));
    }
    let members = verdict.instances.iter().flat_map(|one| &one.members);
    for member in members.filter(|member| member.health != Health::Healthy) {
        findings.push(Finding::new(code(member), level, message(header, member)));
    }
    match verdict.health {
        Health::NothingFound => findings.push(Finding::new("nothing-found", Level::Error, verdict.why.clone())),
        Health::Cut => findings.push(Finding::new("recording-cut", Level::Error, verdict.why.clone())),
        Health::CheckerFailed if findings.iter().all(|finding| finding.level != Level::Error) => {
            findings.push(Finding::new("checker-failed", Level::Error, verdict.why.clone()));
        }
        _ => {}
    }
    findings
}

/// A name that leads to fewer addresses than before: who is not named any more is not waited for, and may be down.
fn departed(header: &Header, verdict: &Verdict) -> Vec<Finding> {
    let finding = |(index, target): (usize, &kit_probe::target::Target)| {
        let ids: Vec<&str> = verdict.departed.iter().filter(|one| one.0 == index).map(|(_, id)| id.as_str()).collect();
        let named = ids.get(..DEPARTED_NAMED).unwrap_or(&ids).join(", ");
        let more = ids.len().saturating_sub(DEPARTED_NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let what = format!(
            "{}: {} left the answer of its name and {} not counted: {named}{more}; name the instances, or how many with --quorum, to have them waited for",
            target.shown,
            plural(ids.len(), "instance"),
            if ids.len() == 1 { "is" } else { "are" }
        );
        (!ids.is_empty()).then(|| Finding::new("note", Level::Notice, what))
    };
    header.targets.iter().enumerate().filter_map(finding).collect()
}

fn message(header: &Header, member: &MemberStanding) -> String {
    let target = header.targets.get(member.target).map(|target| target.shown.as_str()).unwrap_or_default();
    let address = member.member.address.map(|address| address.to_string()).filter(|text| *text != member.member.id);
    let address = address.map(|address| format!(" at {address}")).unwrap_or_default();
    format!("{}{address}, {target}: {}", member.member.id, member.why.as_deref().unwrap_or("not healthy"))
}

fn failed_step(sample: Option<&Sample>) -> Option<&Step> {
    sample.and_then(Sample::failed_step)
}

/// The failure that the member stands with: its last one.
fn last_failure(member: &MemberStanding) -> Option<&Step> {
    failed_step(member.last_failure.as_ref()).or_else(|| failed_step(member.first_failure.as_ref()))
}

/// Whether a member that is not healthy answered with another version at last.
fn lags(member: &MemberStanding) -> bool {
    member.health != Health::Healthy
        && last_failure(member).is_some_and(|step| step.misses.iter().any(|miss| miss.kind == MissKind::Version))
}

fn code(member: &MemberStanding) -> &'static str {
    match member.health {
        Health::CheckerFailed => "checker-failed",
        Health::Unreachable => "unreachable-from-here",
        Health::Cut => "recording-cut",
        _ if lags(member) => "version-lagging",
        _ if last_failure(member).is_some_and(about_certificate) => "certificate-refused",
        _ => "instance-unhealthy",
    }
}

fn about_certificate(step: &Step) -> bool {
    let by_fault = step.fault.as_ref().is_some_and(|fault| {
        matches!(
            fault.cause,
            Cause::CertificateExpired
                | Cause::CertificateNotYetValid
                | Cause::CertificateWrongName
                | Cause::CertificateUntrusted
                | Cause::CertificateInvalid
        )
    });
    by_fault || step.misses.iter().any(|miss| miss.kind == MissKind::CertificateDays)
}

/// One for each instance of each target.
fn cases(header: &Header, verdict: &Verdict) -> Vec<Case> {
    let case = |member: &MemberStanding| Case {
        name: format!(
            "{} {}",
            member.member.id,
            header.targets.get(member.target).map(|target| target.shown.as_str()).unwrap_or_default()
        ),
        time_us: member.healthy_at_us.unwrap_or(verdict.ended_us),
        failure: (member.health != Health::Healthy).then(|| message(header, member)),
    };
    verdict.instances.iter().flat_map(|one| &one.members).map(case).collect()
}
