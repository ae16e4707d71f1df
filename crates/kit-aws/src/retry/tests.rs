use proptest::prelude::*;

use super::*;

const FAULTS: [Fault; 8] = [
    Fault::Timeout,
    Fault::Connection,
    Fault::Throttled,
    Fault::Server,
    Fault::Conflict,
    Fault::ClockSkew,
    Fault::Expired,
    Fault::Final,
];

#[test]
fn answers_are_judged_by_code_before_status() {
    assert_eq!(fault(503, "SlowDown"), Fault::Throttled);
    assert_eq!(fault(200, "InternalError"), Fault::Server);
    assert_eq!(fault(400, "RequestTimeout"), Fault::Server);
    assert_eq!(fault(400, "ExpiredToken"), Fault::Expired);
    assert_eq!(fault(403, "RequestTimeTooSkewed"), Fault::ClockSkew);
    assert_eq!(fault(409, "ConditionalRequestConflict"), Fault::Conflict);
    assert_eq!(fault(409, "BucketNotEmpty"), Fault::Final);
    assert_eq!(fault(502, ""), Fault::Server);
    assert_eq!(fault(429, ""), Fault::Throttled);
    for status in [301, 400, 403, 404, 412, 501] {
        assert_eq!(fault(status, ""), Fault::Final);
    }
}

#[test]
fn an_outage_empties_the_bucket_after_a_hundred_repetitions() {
    let mut budget = Budget::default();
    let taken = std::iter::from_fn(|| budget.take(Fault::Server)).count();
    assert_eq!(taken, 100);
    assert_eq!(budget.take(Fault::Timeout), None);
    budget.succeeded(Some(RETRY_TOKENS));
    budget.succeeded(None);
    assert_eq!(budget.tokens(), 6);
    assert_eq!(budget.take(Fault::Timeout), None);
    assert_eq!(budget.take(Fault::Server), Some(5));
}

#[test]
fn clock_and_session_are_mended_once_and_cost_nothing() {
    let (mut course, mut budget) = (Course { attempts: 1, ..Course::default() }, Budget::default());
    assert_eq!(next(Fault::ClockSkew, &mut course, &mut budget, None, 1), Next::CorrectClock);
    assert_eq!(next(Fault::Expired, &mut course, &mut budget, None, 1), Next::RenewSession);
    assert_eq!(next(Fault::ClockSkew, &mut course, &mut budget, None, 1), Next::GiveUp);
    assert_eq!(next(Fault::Expired, &mut course, &mut budget, None, 1), Next::GiveUp);
    assert_eq!(budget, Budget::default());
}

#[test]
fn what_the_service_asks_is_waited_for_within_a_minute() {
    let (mut course, mut budget) = (Course { attempts: 1, ..Course::default() }, Budget::default());
    let asked = next(Fault::Throttled, &mut course, &mut budget, Some(7), 0);
    assert_eq!(asked, Next::Again(Duration::from_secs(7)));
    assert_eq!(next(Fault::Throttled, &mut course, &mut budget, Some(61), 0), Next::GiveUp);
}

proptest! {
    #[test]
    fn every_course_ends(faults in prop::collection::vec(0usize..FAULTS.len(), 1..100), random in any::<u64>()) {
        let (mut course, mut budget) = (Course::default(), Budget::default());
        let mut repeated = 0;
        for fault in faults {
            course.attempts += 1;
            match next(FAULTS[fault], &mut course, &mut budget, None, random) {
                Next::GiveUp => break,
                Next::Again(wait) => prop_assert!(wait <= LONGEST_WAIT),
                Next::CorrectClock | Next::RenewSession => {}
            }
            repeated += 1;
            prop_assert!(repeated < ATTEMPTS + 2, "sent {repeated} times again");
        }
    }

    #[test]
    fn the_wait_is_within_its_doubling_ceiling(attempts in 0u32..100, random in any::<u64>(), fault in 0usize..FAULTS.len()) {
        let fault = FAULTS[fault];
        let first = if fault == Fault::Throttled { 250 } else { 100 };
        let ceiling = Duration::from_millis(first * 2u64.pow(attempts.saturating_sub(1).min(16)));
        prop_assert!(wait(fault, attempts, random) <= ceiling.min(LONGEST_WAIT));
    }

    #[test]
    fn the_bucket_never_overflows(steps in prop::collection::vec((any::<bool>(), 0usize..FAULTS.len()), 0..400)) {
        let mut budget = Budget::default();
        for (ok, fault) in steps {
            if ok {
                budget.succeeded(Some(TIMEOUT_TOKENS));
            } else {
                let _ = budget.take(FAULTS[fault]);
            }
            prop_assert!(budget.tokens() <= BUDGET_TOKENS);
        }
    }
}
