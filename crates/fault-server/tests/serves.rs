//! What the classes really send, by raw sockets.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use fault_server::{Class, FaultServer, HOST, NEW_VERSION, OLD_VERSION, Pace, Setup, Truth};
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// What comes back within two seconds, and how it ended.
fn get(address: SocketAddr, path: &str, host: &str) -> (String, Option<ErrorKind>) {
    let mut stream = match TcpStream::connect(address) {
        Ok(stream) => stream,
        Err(err) => return (String::new(), Some(err.kind())),
    };
    stream.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n").unwrap();
    let until = Instant::now() + Duration::from_secs(2);
    let mut answer = Vec::new();
    let mut part = vec![0; 64 << 10];
    loop {
        match stream.read(&mut part) {
            Ok(0) => return (String::from_utf8(answer).unwrap(), None),
            Ok(_) if answer.len() > 12_000_000 => {
                return (String::from_utf8(answer).unwrap(), Some(ErrorKind::FileTooLarge));
            }
            Ok(_) if Instant::now() > until => return (String::from_utf8(answer).unwrap(), Some(ErrorKind::TimedOut)),
            Ok(read) => answer.extend_from_slice(&part[..read]),
            Err(err) => return (String::from_utf8(answer).unwrap(), Some(err.kind())),
        }
    }
}

fn started(class: Class, seed: u64) -> (FaultServer, SocketAddr) {
    let server = FaultServer::start(Setup::new(class, seed)).unwrap();
    let address = server.addresses()[0];
    (server, address)
}

fn statuses(class: Class, seed: u64, count: usize) -> Vec<u16> {
    let (_server, address) = started(class, seed);
    (0..count).map(|_| get(address, "/health", HOST).0[9..12].parse().unwrap()).collect()
}

#[test]
fn requests_are_answered_by_the_seed_and_counted() {
    for seed in 0..8 {
        assert_eq!(statuses(Class::Ready, seed, 4), [200; 4]);
        let lucky = statuses(Class::Lucky, seed, 6);
        assert!((lucky[0], lucky[2]) == (200, 503) && lucky[2..] == [503; 4], "{lucky:?}");
        let half = statuses(Class::Flapping50, seed, 40);
        assert_eq!(half.iter().filter(|status| **status == 503).count(), 20);
        assert!(!half.windows(3).any(|three| three == [200; 3]), "{half:?}");
        let settles = statuses(Class::FlapsThenReady, seed, 20);
        assert!(!settles[..10].windows(2).any(|two| two == [200; 2]) && settles[10..] == [200; 10], "{settles:?}");
        let later = statuses(Class::FailsLater, seed, 12);
        assert_eq!((&later[..10], &later[10..]), (&[200; 10][..], &[503; 2][..]));
    }
    assert_eq!(statuses(Class::Flapping30, 5, 60), statuses(Class::Flapping30, 5, 60));
    assert_ne!(statuses(Class::Flapping30, 5, 60), statuses(Class::Flapping30, 6, 60));
    let (server, address) = started(Class::Ready, 0);
    get(address, "/health", HOST);
    get(address, "/version", HOST);
    drop(TcpStream::connect(address).unwrap());
    let until = Instant::now() + Duration::from_secs(5);
    while server.connections() != [3] && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(2));
    }
    assert_eq!((server.requests(), server.connections()), (vec![2], vec![3]));
}

#[test]
fn ports_open_and_answers_turn_in_time() {
    let mut setup = Setup::new(Class::RefusedThenReady, 0);
    setup.ready_after = Duration::from_millis(500);
    let server = FaultServer::start(setup.clone()).unwrap();
    assert_eq!(get(server.addresses()[0], "/", HOST).1, Some(ErrorKind::ConnectionRefused));
    setup.class = Class::UnavailableThenReady;
    let other = FaultServer::start(setup).unwrap();
    assert!(get(other.addresses()[0], "/", HOST).0.starts_with("HTTP/1.1 503 "));
    std::thread::sleep(other.ready_at().saturating_duration_since(Instant::now()) + Duration::from_millis(50));
    for server in [&server, &other] {
        assert!(get(server.addresses()[0], "/", HOST).0.starts_with("HTTP/1.1 200 "));
    }
}

#[test]
fn one_of_several_instances_is_odd_by_the_seed() {
    for seed in [0, 7, 49, 60] {
        let (server, _) = started(Class::OldVersion, seed);
        let versions: Vec<String> = server.addresses().iter().map(|at| get(*at, "/version", HOST).0).collect();
        let old: Vec<usize> = (0..50).filter(|i| versions[*i].ends_with(OLD_VERSION)).collect();
        assert_eq!(old, [seed as usize % 50]);
        assert_eq!(versions.iter().filter(|version| version.ends_with(NEW_VERSION)).count(), 49);
        let (server, _) = started(Class::DeadAddress, seed);
        let dead = server.addresses().into_iter().map(|at| get(at, "/", HOST).1);
        assert_eq!(dead.filter(|end| *end == Some(ErrorKind::ConnectionRefused)).count(), 1);
    }
    let (server, _) = started(Class::VersionReplaced, 3);
    let at = server.addresses()[3];
    let versions: Vec<bool> = (0..5).map(|_| get(at, "/version", HOST).0.ends_with(NEW_VERSION)).collect();
    assert_eq!(versions, [false, false, false, true, true]);
}

#[test]
fn broken_answers_are_broken_as_they_say() {
    let of = |class| {
        let (server, address) = started(class, 0);
        let answer = get(address, "/health", HOST);
        drop(server);
        answer
    };
    let (body, end) = of(Class::BodyDown);
    assert!(body.contains("200 OK") && body.contains(r#""status":"DOWN""#) && end.is_none());
    let (half, end) = of(Class::HalfClosed);
    assert!(half.contains("Content-Length: 1000") && end.is_none(), "{half} {end:?}");
    assert_eq!(of(Class::Closed), (String::new(), None));
    let (head, end) = of(Class::ResetAfterHead);
    assert!(head.ends_with("\r\n\r\n"), "{head}");
    assert_eq!(end, Some(ErrorKind::ConnectionReset));
    assert!(of(Class::LoginRedirect).0.contains("Location: /login"));
    assert_eq!(of(Class::Silent), (String::new(), Some(ErrorKind::WouldBlock)));
    let (dripped, _) = of(Class::Drip);
    assert!((1..4).contains(&dripped.len()), "{dripped}");
    let (endless, end) = of(Class::EndlessBody);
    assert!(endless.len() > 12_000_000 && end == Some(ErrorKind::FileTooLarge));
    let (huge, _) = of(Class::HugeHead);
    assert!(huge.find("\r\n\r\n").unwrap() > 10_000_000);
    assert!(of(Class::BadChunking).0.contains("\r\n\r\nzz\r\n"));
    assert!(of(Class::NoHttp).0.starts_with("SSH-2.0"));
    assert!(of(Class::NoTls).0.starts_with("HTTP/1.1 200"));
    let (_server, address) = started(Class::NoTls, 0);
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(&[0x16, 3, 1, 0, 100]).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
}

#[test]
fn slow_ones_are_slow() {
    let times = |class, count: u32| {
        let (_server, address) = started(class, 9);
        let time = |_| {
            let began = Instant::now();
            get(address, "/", HOST);
            began.elapsed()
        };
        (0..count).map(time).filter(|time| *time >= Duration::from_millis(400)).count()
    };
    assert_eq!(times(Class::SlowTail, 20), 2);
    assert_eq!(times(Class::SlowSeldom, 40), 1);
    assert_eq!(times(Class::Slow, 2), 2);
}

#[test]
fn every_class_starts_and_says_what_to_ask() {
    for class in Class::ALL {
        assert_eq!(Class::named(class.name()), Some(*class));
        let (server, address) = started(*class, 4);
        let options = server.options(Pace::QUICK);
        assert_eq!(options.url.starts_with("https:"), class.asks_tls(), "{}", class.name());
        assert!(options.url.contains(&format!("{HOST}:{}", address.port())));
        assert_eq!(server.ca_file().is_some(), class.is_tls());
        let arguments = options.arguments();
        assert_eq!(arguments.iter().filter(|word| *word == "--address").count(), class.instances());
        let healthy_by_time = arguments.contains(&"60000ms".to_owned());
        assert_eq!(healthy_by_time, class.truth() == Truth::Healthy, "{}", class.name());
    }
    assert!(Class::ALL.len() >= 30);
}
