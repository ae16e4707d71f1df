//! Names: dnsmasq answers for a zone of its own and asks a server that fails in every way for another.

use super::room::{Etc, Room, program, words};
use super::{Case, Programs, World, case_run, try_all};
use anyhow::Result;
use std::ffi::OsString;
use std::fmt::Write;
use std::time::Duration;

/// The loopback address that the room's resolver has.
const RESOLVER: &str = "nameserver 127.0.0.53\n";
/// A list of domains for short names. glibc takes the answer about the last of them for that of a name that could not be told, so
/// that it is there for a case of its own.
const SEARCH: &str = "search shop.example\n";

/// What `moving.shop.example` has at first: the second instance is dead.
const BEFORE: &str = "127.0.0.2 moving.shop.example\n127.0.0.4 moving.shop.example\n";
/// And later: it has left, and another has joined.
const AFTER: &str = "127.0.0.2 moving.shop.example\n127.0.0.3 moving.shop.example\n";

/// More than the static program's resolver tells.
const MANY: u8 = 60;

pub(super) fn run(world: &World, programs: &Programs) -> Result<usize> {
    let folder = world.folder.join("parties/names");
    let room = Room::open(&folder, &Etc { resolver: RESOLVER, hosts: "127.0.0.2 only.hosts.example\n" }, "")?;
    let servers = "server { listen 127.0.0.2:8080; listen 127.0.0.3:8080; listen [::1]:8080; return 200; }\n\
                   server { listen 127.0.0.2:8081; listen 127.0.1.0:8081; return 200; }\nserver { listen 8082; return 200; }\n";
    room.nginx(servers, &["tcp:8080", "tcp:8081", "tcp:8082"])?;
    std::fs::write(folder.join("zone"), zone())?;
    // It changes to the root folder, so that its files need whole paths. A room has no groups to change to.
    let options = "--conf-file=/dev/null --keep-in-foreground --user=root --group= --no-resolv --no-hosts --bind-interfaces \
                   --listen-address=127.0.0.53 --cache-size=0 --local=/shop.example/ --server=/odd.example/127.0.0.54#5353";
    let mut dnsmasq = words(program("dnsmasq", "dnsmasq-base")?, options);
    for (option, file) in [("pid-file", "dnsmasq.pid"), ("addn-hosts", "zone"), ("addn-hosts", "moving")] {
        dnsmasq.push(format!("--{option}={}", folder.join(file).display()).into());
    }
    std::fs::write(folder.join("moving"), BEFORE)?;
    let odd = world.clients.tool("dns-answers")?;
    let mut odd_words = odd.words();
    odd_words.extend(["127.0.0.54", "5353"].map(OsString::from));
    room.serve("odd", &odd_words, odd.env(), &["tcp:5353", "udp:5353"])?;
    room.serve("dnsmasq", &dnsmasq, &[], &["tcp:53", "udp:53"])?;
    let mut count = try_all(&room, programs, &cases())?;
    for fixed in [false, true] {
        count += moves(&room, programs, fixed)?;
    }
    std::fs::write(folder.join("resolv.conf"), format!("{RESOLVER}{SEARCH}"))?;
    let short = Case::new("a name of the search list", "once http://two:8080/").says("2 of 2 instances healthy");
    count += try_all(&room, programs, &[short])?;
    Ok(count + unreachable(world, programs)?)
}

fn zone() -> String {
    let mut text =
        "127.0.0.2 two.shop.example\n127.0.0.3 two.shop.example\n127.0.0.2 both.shop.example\n::1 both.shop.example\n"
            .to_owned();
    for last in 2..=4 {
        let _ = writeln!(text, "127.0.0.{last} three.shop.example");
    }
    for last in 1..=MANY {
        let _ = writeln!(text, "127.0.1.{last} many.shop.example");
    }
    text
}

fn cases() -> Vec<Case> {
    let once = |rest: &str| format!("once {rest} --timeout 2s");
    vec![
        Case::new("two addresses", &once("http://two.shop.example:8080/")).says("2 of 2 instances healthy"),
        Case::new("one dead address of three", &once("http://three.shop.example:8080/"))
            .exits(1)
            .says("2 of 3 instances healthy")
            .says("127.0.0.4:8080 refused the connection"),
        Case::new("both families", &once("http://both.shop.example:8080/"))
            .says("2 of 2 instances healthy")
            .says("[::1]:8080"),
        Case::new("both families, asked for one", &once("http://both.shop.example:8080/ --ipv6"))
            .says("1 of 1 instance healthy"),
        Case::new("the address of one family is dead", &once("http://both.shop.example:8081/"))
            .exits(1)
            .says("1 of 2 instances healthy")
            .says("[::1]:8081 refused the connection"),
        Case::new("no address of the family", &once("http://two.shop.example:8080/ --ipv6"))
            .exits(1)
            .says("has no IPv6 address"),
        Case::new("a name of /etc/hosts", &once("http://only.hosts.example:8080/")).says("1 of 1 instance healthy"),
        Case::new("a name that does not exist", &once("http://nobody.shop.example:8080/"))
            .exits(1)
            .says("does not exist"),
        Case::new("a name without an address", &once("http://nodata.odd.example:8080/"))
            .exits(1)
            .says("has no address"),
        Case::new("SERVFAIL", &once("http://servfail.odd.example:8080/")).exits(3).says("no answer: "),
        Case::new("REFUSED", &once("http://refused.odd.example:8080/")).exits(3).says("no answer: "),
        Case::new("an address and SERVFAIL for IPv6", &once("http://half4.odd.example:8080/"))
            .exits(3)
            .says("no answer: "),
        Case::new("the same, asked for IPv4", &once("http://half4.odd.example:8080/ --ipv4")),
        Case::new("an address and SERVFAIL for IPv4", &once("http://half6.odd.example:8080/"))
            .exits(3)
            .says("no answer: "),
        Case::new("an address, and none such for IPv6", &once("http://no6.odd.example:8080/"))
            .says("1 of 1 instance healthy"),
        // musl's resolver keeps 48 addresses of an answer; what it may have dropped is not said to be healthy.
        Case::new("more addresses than musl tells", &once("http://many.shop.example:8082/"))
            .fixed_exits(3, "many.shop.example has 48 addresses or more"),
        Case::new("a name of TCP", &once("tcp://three.shop.example:8080")).exits(1).says("127.0.0.4:8080"),
        Case::new("a name that holds", "hold http://two.shop.example:8080/ --deadline 1s --interval 200ms"),
        Case::new(
            "a dead instance never passes",
            "wait http://moving.shop.example:8080/ --interval 100ms --deadline 1s",
        )
        .exits(1)
        .says("127.0.0.4:8080"),
    ]
}

/// An instance leaves the answer while it is waited for, and another joins; then the dead one joins while all is to hold.
fn moves(room: &Room, programs: &Programs, fixed: bool) -> Result<usize> {
    let cases = [
        (
            BEFORE,
            AFTER,
            Case::new("the dead one leaves", "wait http://moving.shop.example:8080/ --interval 100ms --deadline 10s")
                .says("2 of 2 instances healthy")
                .says("127.0.0.3:8080"),
        ),
        (
            AFTER,
            BEFORE,
            Case::new("a dead one joins", "hold http://moving.shop.example:8080/ --interval 100ms --deadline 3s")
                .exits(1)
                .says("127.0.0.4:8080 refused the connection"),
        ),
    ];
    for (before, after, case) in &cases {
        answers(room, before)?;
        let done = std::thread::scope(|scope| {
            let run = scope.spawn(|| case_run(room, programs, case, fixed));
            std::thread::sleep(Duration::from_millis(800));
            answers(room, after)?;
            run.join().unwrap_or_else(|_| anyhow::bail!("a thread panicked"))
        })?;
        case.check(fixed, &done)?;
    }
    Ok(cases.len())
}

/// Changes what dnsmasq answers for `moving`.
fn answers(room: &Room, zone: &str) -> Result<()> {
    std::fs::write(room.folder.join("moving"), zone)?;
    room.shell("kill -HUP $(cat dnsmasq.pid); sleep 0.2")
}

/// Nobody answers questions: there is no way to the resolver, nobody listens there, or none is named.
fn unreachable(world: &World, programs: &Programs) -> Result<usize> {
    let mut count = 0;
    for (name, resolver) in
        [("no-way", "nameserver 198.51.100.1\n"), ("closed", "nameserver 127.0.0.53\n"), ("none", "")]
    {
        let folder = world.folder.join("parties/names").join(name);
        let room = Room::open(&folder, &Etc { resolver, hosts: "" }, "")?;
        let cases = [
            Case::new("no resolver", "once http://two.shop.example:8080/ --timeout 2s").exits(3).says("no answer: "),
            Case::new("no resolver while waiting", "wait http://two.shop.example:8080/ --timeout 1s --deadline 3s")
                .exits(3),
        ];
        count += try_all(&room, programs, &cases)?;
    }
    Ok(count)
}
