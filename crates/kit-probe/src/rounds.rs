//! When whom is asked: rounds at fixed times, every member at once, until the judge has decided. EFFECTS.
