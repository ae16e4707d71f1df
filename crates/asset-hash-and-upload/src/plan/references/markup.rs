//! What HTML and SVG share: tags, their attributes, and which of these name files.

pub mod attributes;
pub mod character_reference;
pub mod decoded;
pub mod element;
pub mod srcset;
