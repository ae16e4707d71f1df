//! When whom is asked: rounds at fixed times, every member at once, until the judge has decided. EFFECTS.
//!
//! Round k of a target begins at `k · interval` after the run's beginning, whatever earlier probes did; a member whose last
//! probe is still running is left out of a round. A name is resolved at the beginning of each round; when that fails, or takes
//! longer than a round of `hold`, those are asked who were there. `hold` hears every probe that it began: a target that says
//! nothing at the end of the time is not healthy.

mod asker;
#[cfg(test)]
mod paused;

use crate::event::{Cause, End, Event, Fault, Sample};
use crate::exchange::Network;
use crate::probe::{Probe, Redaction};
use crate::target::{Member, Membership, Scheme, Target};
use crate::verdict::{Decision, Judge, Mode, Rules};
use asker::{Asker, OverNetwork};
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout_at};

/// What a probe that `hold` began may take beyond the end; each of its exchanges is bounded by its own time before.
const HOLD_TAIL: Duration = Duration::from_secs(3600);

/// A run, complete before it begins.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The targets.
    pub targets: Vec<Target>,
    /// The members of each target; empty where [`Rules::targets`] says that they are resolved.
    pub members: Vec<Vec<Member>>,
    /// The name whose addresses are asked, for each target: its own, unless another host name was set for it.
    pub names: Vec<String>,
    /// What is asked of each.
    pub probe: Probe,
    /// What is asked of the samples.
    pub rules: Rules,
    /// Between the beginnings of two rounds; above zero.
    pub interval: Duration,
    /// Share of the interval, in thousandths, by which a probe begins later at random.
    pub jitter_per_mille: u32,
}

/// What the tasks of a run tell its loop.
enum Told {
    Resolved { target: usize, took_us: u64, members: Vec<Member> },
    NotResolved { target: usize, fault: Fault },
    Sampled(Box<Sample>),
}

/// The members of a target, while it runs.
#[derive(Default)]
struct Group {
    members: Vec<Member>,
    asked: BTreeMap<Member, u32>,
    busy: BTreeSet<Member>,
    resolving: bool,
}

struct Run<A> {
    asker: Arc<A>,
    plan: Arc<Plan>,
    redaction: Redaction,
    began: Instant,
    until: Instant,
    groups: Vec<Group>,
    tasks: JoinSet<()>,
    sender: UnboundedSender<Told>,
    random: u64,
}

/// Runs until the judge has decided, the time is over or `stop` is there. `each` gets every event in order, [`Event::End`]
/// last, with the judge who has heard it. Returns that judge. `seed` moves the beginnings within the jitter.
pub async fn run(
    network: Arc<Network>,
    plan: Arc<Plan>,
    seed: u64,
    stop: impl Future<Output = ()>,
    each: impl FnMut(&Event, &Judge),
) -> Judge {
    let asker = OverNetwork { network, plan: Arc::clone(&plan) };
    go(Arc::new(asker), plan, seed, stop, each).await
}

async fn go<A: Asker>(
    asker: Arc<A>,
    plan: Arc<Plan>,
    seed: u64,
    stop: impl Future<Output = ()>,
    mut each: impl FnMut(&Event, &Judge),
) -> Judge {
    let (sender, mut told) = unbounded_channel();
    let mut judge = Judge::new(plan.rules.clone());
    let began = Instant::now();
    let mut run = Run {
        redaction: Redaction::new(plan.probe.secrets.iter().map(String::as_str)),
        groups: plan.targets.iter().map(|_| Group::default()).collect(),
        until: began + Duration::from_micros(plan.rules.deadline_us),
        tasks: JoinSet::new(),
        random: seed | 1,
        asker,
        plan,
        began,
        sender,
    };
    let mut hear = |event: Event, judge: &mut Judge| {
        judge.hear(&event);
        each(&event, judge);
    };
    for event in run.given() {
        hear(event, &mut judge);
    }
    let why = run.go_on(&mut told, &mut judge, stop, &mut hear).await;
    hear(Event::End { at_us: run.now_us(), why }, &mut judge);
    // Whoever is still being asked is left alone from here on, and commands are ended.
    run.tasks.shutdown().await;
    judge
}

impl<A: Asker> Run<A> {
    fn now_us(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// The members that are known from the beginning.
    fn given(&mut self) -> Vec<Event> {
        let plan = Arc::clone(&self.plan);
        let mut events = Vec::new();
        for (target, members) in plan.members.iter().enumerate() {
            if plan.rules.targets.get(target) != Some(&Membership::Resolved) && !members.is_empty() {
                let mut members = members.clone();
                members.sort();
                self.groups[target].members.clone_from(&members);
                events.push(Event::Members { at_us: 0, target, members });
            }
        }
        events
    }

    /// The loop: rounds at their times, what the tasks tell as it comes.
    async fn go_on(
        &mut self,
        told: &mut UnboundedReceiver<Told>,
        judge: &mut Judge,
        stop: impl Future<Output = ()>,
        hear: &mut impl FnMut(Event, &mut Judge),
    ) -> End {
        tokio::pin!(stop);
        let mut round = 0u32;
        let mut next = self.began;
        let mut over = false;
        loop {
            tokio::select! {
                biased;
                () = &mut stop => return End::Stopped,
                news = told.recv() => {
                    let Some(news) = news else { return End::Decided };
                    self.take(news, judge, hear);
                    // What is over by now still counts, and may take the decision back.
                    while judge.decision() == Decision::Done {
                        match told.try_recv() {
                            Ok(news) => self.take(news, judge, hear),
                            Err(_) if self.waits_for_healthy(judge) => break,
                            Err(_) => return End::Decided,
                        }
                    }
                    if over && !self.busy() {
                        return End::Deadline;
                    }
                }
                () = sleep_until(self.until), if !over => {
                    if self.plan.rules.mode != Mode::Hold || !self.busy() {
                        return End::Deadline;
                    }
                    over = true;
                }
                () = sleep_until(next), if !over && (self.plan.rules.mode != Mode::Once || round == 0) => {
                    round = round.saturating_add(1);
                    // Nobody is asked anew while the last answers are awaited, or there would always be somebody.
                    if judge.decision() == Decision::Wait {
                        self.begin();
                    }
                    next = self.after(next);
                }
            }
        }
    }

    /// Whether somebody who counts as healthy is being asked: who fell silent since the last pass is not healthy.
    fn waits_for_healthy(&self, judge: &Judge) -> bool {
        let mut groups = self.groups.iter().enumerate();
        groups.any(|(target, group)| group.busy.iter().any(|member| judge.could_take_back(target, member)))
    }

    /// Whether any probe is under way.
    fn busy(&self) -> bool {
        self.groups.iter().any(|group| !group.busy.is_empty())
    }

    /// The end of a probe's time: in `hold` each exchange has its own time alone, so that no answer is cut off by us.
    fn probe_until(&self) -> Instant {
        if self.plan.rules.mode == Mode::Hold { self.until + HOLD_TAIL } else { self.until }
    }

    /// The time of the next round: whole intervals after the beginning, and not in the past.
    fn after(&self, round: Instant) -> Instant {
        let interval = self.plan.interval.max(Duration::from_millis(1));
        let mut next = round + interval;
        let now = Instant::now();
        if next < now {
            let behind = now.saturating_duration_since(round).as_micros() / interval.as_micros();
            next = round + interval.saturating_mul(u32::try_from(behind).unwrap_or(u32::MAX).saturating_add(1));
        }
        next
    }

    /// Begins a round of every target.
    fn begin(&mut self) {
        for target in 0..self.groups.len() {
            if self.plan.rules.targets.get(target) == Some(&Membership::Resolved) {
                self.resolve(target);
            } else {
                self.ask(target, None);
            }
        }
    }

    fn resolve(&mut self, target: usize) {
        if std::mem::replace(&mut self.groups[target].resolving, true) {
            // Who waits for health waits for the list of the round as well.
            if self.plan.rules.mode == Mode::Hold {
                self.ask(target, None);
            }
            return;
        }
        let (asker, plan, sender) = (Arc::clone(&self.asker), Arc::clone(&self.plan), self.sender.clone());
        let until = self.until;
        self.tasks.spawn(async move {
            let (wanted, name) = (&plan.targets[target], &plan.names[target]);
            let within = until.min(Instant::now() + asker.timeout());
            let resolved = timeout_at(within, asker.resolve(name, within)).await.unwrap_or_else(|_| {
                let message = format!("the resolver did not answer for {name} in time");
                Err(Fault { cause: Cause::ResolverFailed, message })
            });
            let news = match resolved {
                Ok((addresses, took_us)) => {
                    let member = |address| {
                        let address = SocketAddr::new(address, wanted.port);
                        Member { id: address.to_string(), address: Some(address), zone: None }
                    };
                    let members = addresses.into_iter().map(member).collect();
                    Told::Resolved { target, took_us, members }
                }
                Err(fault) => Told::NotResolved { target, fault },
            };
            // A run that is over hears nothing any more.
            let _ = sender.send(news);
        });
    }

    /// Probes every member of a target that is not being probed.
    fn ask(&mut self, target: usize, dns_us: Option<u64>) {
        for member in self.groups[target].members.clone() {
            let begin = Instant::now() + self.jitter();
            if begin >= self.until || !self.groups[target].busy.insert(member.clone()) {
                continue;
            }
            let asked = self.groups[target].asked.entry(member.clone()).or_insert(0);
            *asked = asked.saturating_add(1);
            let round = *asked;
            let (asker, sender) = (Arc::clone(&self.asker), self.sender.clone());
            let (began, until) = (self.began, self.probe_until());
            self.tasks.spawn(async move {
                sleep_until(begin).await;
                let mut sample = asker.probe(target, &member, round, began, until).await;
                if let Some(step) = sample.steps.first_mut() {
                    step.phases.dns_us = step.phases.dns_us.or(dns_us);
                }
                let _ = sender.send(Told::Sampled(Box::new(sample)));
            });
        }
    }

    /// A random part of the jitter, by xorshift64: it spreads load, nothing depends on it.
    fn jitter(&mut self) -> Duration {
        let widest_us = self.plan.interval.as_micros() * u128::from(self.plan.jitter_per_mille) / 1000;
        if widest_us == 0 {
            return Duration::ZERO;
        }
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        Duration::from_micros(u64::try_from(u128::from(self.random) % widest_us).unwrap_or(0))
    }

    fn take(&mut self, news: Told, judge: &mut Judge, hear: &mut impl FnMut(Event, &mut Judge)) {
        // Finished tasks would pile up in the set.
        while self.tasks.try_join_next().is_some() {}
        match news {
            Told::Sampled(sample) => {
                if let Some(group) = self.groups.get_mut(sample.target) {
                    group.busy.remove(&sample.member);
                }
                hear(Event::Sample(*sample), judge);
            }
            Told::Resolved { target, took_us, members } => {
                let group = &mut self.groups[target];
                group.resolving = false;
                let left: Vec<Member> = group.asked.keys().filter(|one| !members.contains(one)).cloned().collect();
                for member in left {
                    group.asked.remove(&member);
                }
                group.members.clone_from(&members);
                hear(Event::Members { at_us: self.now_us(), target, members }, judge);
                self.ask(target, Some(took_us));
            }
            Told::NotResolved { target, mut fault } => {
                self.groups[target].resolving = false;
                fault.message = self.redaction.of(&fault.message).into_owned();
                hear(Event::NotResolved { at_us: self.now_us(), target, fault }, judge);
                // Whoever was there stays, and is looked at: a resolver that is out of order must hide nobody's failure.
                self.ask(target, None);
            }
        }
    }
}

/// How the members of a target come about. `instances`: whether any were given.
pub fn membership(network: &Network, target: &Target, instances: bool) -> Membership {
    let url = || url::Url::parse(&format!("{}://{}:{}/", scheme(target.scheme), bracketed(&target.host), target.port));
    match target.scheme {
        _ if instances => Membership::Given,
        Scheme::Command => Membership::Single,
        Scheme::Http | Scheme::Https if url().is_ok_and(|url| network.proxy_of(&url).is_some()) => Membership::Single,
        _ => Membership::Resolved,
    }
}

/// The proxy that stands between us and an HTTP target without instances, `host:port`.
pub fn proxy(network: &Network, target: &Target) -> Option<String> {
    let web = matches!(target.scheme, Scheme::Http | Scheme::Https);
    let url = format!("{}://{}:{}/", scheme(target.scheme), bracketed(&target.host), target.port);
    url::Url::parse(&url).ok().filter(|_| web).and_then(|url| network.proxy_of(&url))
}

fn scheme(scheme: Scheme) -> &'static str {
    if scheme == Scheme::Https { "https" } else { "http" }
}

fn bracketed(host: &str) -> String {
    if host.contains(':') { format!("[{host}]") } else { host.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{Family, HttpVersion, Proxies, Settings};
    use crate::expectation::Expectations;

    fn run() -> (Run<OverNetwork>, UnboundedReceiver<Told>) {
        let timeout = Duration::from_secs(5);
        let settings = Settings {
            timeout,
            max_body_bytes: 1000,
            ca_file: None,
            proxies: Proxies::default(),
            http: HttpVersion::Negotiated,
            family: Family::Any,
        };
        let probe = Probe {
            method: "GET".to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
            redirects: 0,
            expect: Expectations::default(),
            version_path: None,
            suite: None,
            warm: 0,
            secrets: Vec::new(),
        };
        let rules = Rules {
            mode: Mode::Hold,
            passes: 1,
            deadline_us: 60_000_000,
            max_failures: None,
            quorum: None,
            grace_us: 0,
            percentile: None,
            targets: vec![Membership::Resolved],
        };
        let plan = Plan {
            targets: vec![Target::parse("tcp://shop.example:1").unwrap()],
            members: vec![Vec::new()],
            names: vec!["shop.example".to_owned()],
            probe,
            rules,
            interval: Duration::from_secs(1),
            jitter_per_mille: 0,
        };
        let (sender, told) = unbounded_channel();
        let began = Instant::now();
        let plan = Arc::new(plan);
        let asker = OverNetwork { network: Arc::new(Network::new(settings)), plan: Arc::clone(&plan) };
        let run = Run {
            redaction: Redaction::default(),
            groups: vec![Group::default()],
            until: began + Duration::from_secs(60),
            tasks: JoinSet::new(),
            random: 1,
            asker: Arc::new(asker),
            plan,
            began,
            sender,
        };
        (run, told)
    }

    #[tokio::test]
    async fn who_was_there_is_asked_while_the_resolver_is_out_of_order() {
        let (mut run, mut told) = run();
        let mut judge = Judge::new(run.plan.rules.clone());
        let mut samples = 0;
        let mut hear = |event: Event, judge: &mut Judge| {
            samples += u32::from(matches!(event, Event::Sample(_)));
            judge.hear(&event);
        };
        let address = SocketAddr::from(([127, 0, 0, 1], 1));
        let members = vec![Member { id: address.to_string(), address: Some(address), zone: None }];
        let fault = Fault { cause: Cause::ResolverFailed, message: "no answer".to_owned() };
        let resolver = [Told::Resolved { target: 0, took_us: 1, members }, Told::NotResolved { target: 0, fault }];
        for news in resolver {
            run.take(news, &mut judge, &mut hear);
            let sampled = tokio::time::timeout(Duration::from_secs(10), told.recv()).await.unwrap().unwrap();
            run.take(sampled, &mut judge, &mut hear);
        }
        // Nor does one that takes its time.
        run.groups[0].resolving = true;
        run.begin();
        let sampled = tokio::time::timeout(Duration::from_secs(10), told.recv()).await.unwrap().unwrap();
        run.take(sampled, &mut judge, &mut hear);
        assert_eq!(samples, 3);
    }
}
