//! What must hold for the reading of licence fields, whatever they say; used by its fuzz target and by the replay of the
//! corpus.

use license_check::plan::expression::evaluate::{Standing, evaluate};
use license_check::plan::expression::grammar::{self, Slash};
use license_check::plan::expression::{Normalized, normalize, read_literal};
use license_check::plan::package::Ecosystem;
use license_check::plan::statement::Value;

const ECOSYSTEMS: [Ecosystem; 8] = [
    Ecosystem::Composer,
    Ecosystem::Npm,
    Ecosystem::Pip,
    Ecosystem::Cargo,
    Ecosystem::Go,
    Ecosystem::Gem,
    Ecosystem::Maven,
    Ecosystem::NuGet,
];

/// Reading never panics; what is printed is one line; an expression is in its canonical spelling, and means itself in every
/// ecosystem; it is allowed when all its licences are, and when none is it isn't.
pub fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    for ecosystem in ECOSYSTEMS {
        let Ok(value) = read_literal(ecosystem, text) else { continue };
        let meaning = normalize(ecosystem, &value);
        let shown = meaning.to_string();
        assert!(!shown.is_empty() && !shown.contains(['\n', '\r']), "one line: {shown:?}");
        let Normalized::Expression(expression) = meaning else { continue };
        let read = grammar::parse(&expression, Slash::IsNothing).unwrap_or_else(|why| panic!("{expression}: {why:?}"));
        assert_eq!(read.to_string(), expression, "in its canonical spelling");
        for other in ECOSYSTEMS {
            let again = normalize(other, &Value::One(expression.clone()));
            assert_eq!(
                again,
                Normalized::Expression(expression.clone()),
                "{other}: read again it means something else"
            );
        }
        assert_eq!(evaluate(&expression, |_| Standing::Allowed).standing, Standing::Allowed);
        assert_eq!(evaluate(&expression, |_| Standing::Denied).standing, Standing::Denied);
    }
}
