//! How much stack `oxc_parser` may need: it recurses, and what it recurses on is counted before it is started.
//!
//! Each construct that a parser by recursive descent enters before it has left the one around it has a weight: what one level of
//! it took of the stack in the worst of two builds (unoptimised and for size), with a third on top. Levels that end are
//! taken off again, later than the parser does rather than earlier, so the sum is never too small.

/// Stack that parsing may need, in bytes: some five hundred functions within each other. Half of what Rust gives a thread.
pub const STACK_LIMIT_BYTES: usize = 5 << 18;

/// `(…)`: groups, calls, parameters, which may be tried as parameters of an arrow function first.
pub const PARENTHESIS_BYTES: usize = 1_800;
/// `[…]`: arrays, members, patterns.
pub const SQUARE_BYTES: usize = 1_400;
/// `{…}`: objects, bodies of functions and classes, blocks, patterns.
pub const CURLY_BYTES: usize = 2_700;
/// `${…}` in a template.
pub const TEMPLATE_BYTES: usize = 1_400;
/// `a ? b : c`.
const CONDITION_BYTES: usize = 300;
/// `a = b` and its like.
const ASSIGNMENT_BYTES: usize = 420;
/// `a => b`, `async a => b`.
const ARROW_BYTES: usize = 850;
/// `!a`, `typeof a`, `new a`.
const PREFIX_BYTES: usize = 420;
/// `a ** b`.
const POWER_BYTES: usize = 500;
/// `yield a`.
const YIELD_BYTES: usize = 350;
/// `class extends class …`.
const EXTENDS_BYTES: usize = 1_500;
/// `if (a) …`, `for (…) …`, `do …`.
const STATEMENT_BYTES: usize = 850;
/// `a: …`.
const LABEL_BYTES: usize = 500;

/// What has been entered since the innermost open bracket.
#[derive(Debug, Clone, Copy, Default)]
struct Chain {
    /// Statements that another statement ends, and labels.
    statements: usize,
    /// What a comma ends.
    expressions: usize,
    /// Prefix operators of one operand.
    prefixes: usize,
}

impl Chain {
    fn sum(self) -> usize {
        self.statements + self.expressions + self.prefixes
    }
}

/// The sum at the place that has been read, and the largest so far.
#[derive(Debug, Default)]
pub struct Nesting {
    chain: Chain,
    outer: Vec<(Chain, usize)>,
    below_bytes: usize,
    largest_bytes: usize,
}

impl Nesting {
    /// The largest sum of weights so far, in bytes.
    pub fn largest_bytes(&self) -> usize {
        self.largest_bytes
    }

    fn grown(&mut self) {
        self.largest_bytes = self.largest_bytes.max(self.below_bytes + self.chain.sum());
    }

    /// A bracket opens.
    pub fn open(&mut self, weight_bytes: usize) {
        let taken = self.chain.sum() + weight_bytes;
        self.outer.push((self.chain, taken));
        self.below_bytes += taken;
        self.chain = Chain::default();
        self.grown();
    }

    /// The innermost bracket closes.
    pub fn close(&mut self) {
        if let Some((chain, taken)) = self.outer.pop() {
            self.below_bytes -= taken;
            self.chain = chain;
        }
    }

    /// `if`, `for`, `while`, `do`, `with`.
    pub fn statement(&mut self) {
        self.chain.statements += STATEMENT_BYTES;
        self.grown();
    }

    /// A label.
    pub fn label(&mut self) {
        self.chain.statements += LABEL_BYTES;
        self.grown();
    }

    /// A statement has ended, and none is around it in these brackets that goes on.
    pub fn end_statement(&mut self) {
        self.chain = Chain::default();
    }

    /// An expression has ended: a comma, or an operand behind another one.
    pub fn end_expression(&mut self) {
        self.chain.expressions = 0;
        self.chain.prefixes = 0;
    }

    fn entered(&mut self, weight_bytes: usize) {
        self.chain.prefixes = 0;
        self.chain.expressions += weight_bytes;
        self.grown();
    }

    /// `=`, `+=` and their like.
    pub fn assignment(&mut self) {
        self.entered(ASSIGNMENT_BYTES);
    }

    /// `?` of a condition.
    pub fn condition(&mut self) {
        self.entered(CONDITION_BYTES);
    }

    /// `=>`.
    pub fn arrow(&mut self) {
        self.entered(ARROW_BYTES);
    }

    /// `**`.
    pub fn power(&mut self) {
        self.entered(POWER_BYTES);
    }

    /// `yield`.
    pub fn yields(&mut self) {
        self.entered(YIELD_BYTES);
    }

    /// `extends class`.
    pub fn extends(&mut self) {
        self.entered(EXTENDS_BYTES);
    }

    /// An operator between operands, which parsers loop over.
    pub fn binary(&mut self) {
        self.chain.prefixes = 0;
    }

    /// A prefix operator; behind an operand it begins another expression, or was none.
    pub fn prefix(&mut self, behind_operand: bool) {
        self.chain.prefixes = if behind_operand { PREFIX_BYTES } else { self.chain.prefixes + PREFIX_BYTES };
        self.grown();
    }
}
