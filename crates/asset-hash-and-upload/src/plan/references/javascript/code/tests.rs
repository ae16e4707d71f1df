use super::super::nesting::STACK_LIMIT_BYTES;
use super::*;

fn left(source: &str) -> String {
    read(source.as_bytes(), false).unwrap_or_else(|err| panic!("{err:?} in {source}")).text
}

#[test]
fn comments_expressions_and_divisions_go() {
    for (source, expected) in [
        ("a/*b*/c", "a c"),
        ("a/*b\n*/c", "a\nc"),
        ("a//b\nc", "a \nc"),
        ("#!/usr/bin/node\na", " \na"),
        ("a//b\u{2028}c", "a \u{2028}c"),
        ("x=/[/\"]\\//gi.test(a)", "x= _________.test(a)"),
        ("x=a/b/c", "x=a*b*c"),
        ("x/=2", "x*=2"),
        ("if(a)/b/.c()", "if(a) __.c()"),
        ("f(a)/b/c", "f(a)*b*c"),
        ("a.if(a)/b/c", "a.if(a)*b*c"),
        ("a[0]/b/c", "a[0]*b*c"),
        ("{}/b/.c", "{} __.c"),
        ("x={}/b/c", "x={}*b*c"),
        ("x=function(){}/b/c", "x=function(){}*b*c"),
        ("function f(){}/b/.c", "function f(){} __.c"),
        ("async function f(){}/b/.c", "async function f(){} __.c"),
        ("x=class{}/b/c", "x=class{}*b*c"),
        ("class A extends B{}/b/.c", "class A extends B{} __.c"),
        ("return/b/", "return __"),
        ("a.return/b/c", "a.return*b*c"),
        ("typeof/b/", "typeof __"),
        ("a++/b/c", "a++*b*c"),
        ("x=a?/b/:/c/", "x=a? __: __"),
        ("x=a?{}/b/c:d", "x=a?{}*b*c:d"),
        ("switch(a){case/b/:c}", "switch(a){case __:c}"),
        ("`a${b/c/`d/*`}e//`/f/g", "`a${b*c*`d/*`}e//`*f*g"),
        ("`${/}`/}`", "`${ ___}`"),
        ("a\"//\"/'/*'", "a\"//\"*'/*'"),
        ("for(x of/b/g)c", "for(x of ___)c"),
        ("for await(x of/b/)c", "for await(x of __)c"),
        ("of/b/c", "of*b*c"),
        ("x=>{}\n/b/.c", "x=>{}\n __.c"),
        ("a\u{a0}/b/c", "a\u{a0}*b*c"),
        ("x\u{2028}\\u{61}/b/c", "x\u{2028}\\u{61}*b*c"),
        ("#a in b/c/d", "#a in b*c*d"),
        ("1/2/3", "1*2*3"),
        ("(/[)/]/)", "( _____)"),
        ("a<!--b", "a< !--b"),
        ("export default/a/", "export default __"),
        // No expression ends on this line, so it was a division of something odd.
        ("(/a\n)", "(*a\n)"),
    ] {
        assert_eq!(left(source), expected, "{source}");
    }
}

#[test]
fn old_comments_are_comments_in_scripts_only() {
    let script = |source: &str| read(source.as_bytes(), true).unwrap().text;
    assert_eq!(script("<!--a\nb\n /*\n*/ --> c\nd"), " \nb\n \n  \nd");
    assert_eq!(script("a-->b"), "a-->b");
    assert_eq!(left("\n-->b"), "\n-->b");
}

#[test]
fn places_lead_back_to_the_file() {
    let source = "/*é*/a<!--b//x\n/re/; c /= d; /*\n*/'e'";
    let code = read(source.as_bytes(), false).unwrap();
    for letter in ["a", "b", "c", "d", "'e'"] {
        assert_eq!(code.in_file(code.text.find(letter).unwrap()), source.find(letter).unwrap(), "{letter}");
    }
}

#[test]
fn bytes_that_are_no_text_are_names() {
    let code = read(b"/*\xe9*/a\xe9='\xff\xfe'", false).unwrap();
    assert_eq!(code.text, " a_='__'");
}

#[test]
fn what_no_script_has_is_told() {
    for (source, at) in [
        ("a'b\n'", 1),
        ("a\"b\r\"", 1),
        ("a`b", 2),
        ("`${a}b", 5),
        ("/*", 0),
        ("(]", 1),
        ("a)", 1),
        ("(", 1),
        ("{(}", 2),
    ] {
        assert_eq!(read(source.as_bytes(), false).unwrap_err().at, at, "{source}");
    }
}

#[test]
fn the_last_comment_that_names_a_map_counts() {
    let map = |source: &str| read(source.as_bytes(), false).unwrap().source_map.map(|at| source[at].to_owned());
    assert_eq!(map("a\n//# sourceMappingURL=a.map\n//@ sourceMappingURL=b.map\r\n").as_deref(), Some("b.map"));
    assert_eq!(map("/*# sourceMappingURL=a.map */").as_deref(), Some("a.map"));
    assert_eq!(map("'//# sourceMappingURL=a.map'"), None);
    assert_eq!(map("`\n//# sourceMappingURL=a.map\n`"), None);
}

/// Stack counted for a source, in levels of the construct that it repeats.
fn deep(source: &str) -> bool {
    read(source.as_bytes(), false).unwrap().stack_bytes > STACK_LIMIT_BYTES
}

#[test]
fn what_ends_does_not_nest() {
    for line in [
        "a=b;",
        "a=b\n",
        "a=b,",
        "if(a){b}",
        "if(a){b}else{c}",
        "if(a)b;",
        "if(a)b=c;else d=e;f;",
        "for(;;){a=b}",
        "while(a){}b;",
        "do{}while(a);",
        "function a(){}",
        "class A extends B{}",
        "!a+",
        "a=function(){}\n",
        "a?b:c;",
        "switch(a){case b.c:case d.e:f;break}",
        "try{}catch(a){}finally{}",
        "a:b;",
        "f(a,!b)\n",
        "`${a}`+",
        "const a=async()=>{await b}\n",
        "x=a<=b&&c!==d;",
        "a\n++b;",
        "x=-a-b*-c;",
        "const{a,b:c}=d;",
        "var a=[1,{a:b,c:d}],b=/a/;",
        "if(a)return b\n;",
    ] {
        assert!(!deep(&line.repeat(5_000)), "{line}");
    }
    let table = format!("x={{{}}}", "'a':1,b:{c:2},d(){},".repeat(5_000));
    assert!(!deep(&table));
}
