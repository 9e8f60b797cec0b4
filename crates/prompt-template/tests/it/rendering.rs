//! What templates render to, and which values they refuse.

use std::collections::{BTreeMap, HashMap};

use prompt_template::serde_json::{Value, json};
use prompt_template::{Code, Engine, Error, Missing, NoPartials, RenderOptions, Template, sha256_hex};

use crate::{compile, missing, render};

fn rendered(source: &str, variables: &Value) -> String {
    render(source, &[], variables).unwrap()
}

#[test]
fn nothing_is_escaped() {
    let text = "<b> & \"quotes\" 'single' `=` {{not_a_tag}} \\{{ {{> nor_a_partial}}";
    assert_eq!(rendered("{{a}}|{{{a}}}|{{&a}}", &json!({"a": text})), format!("{text}|{text}|{text}"));
}

#[test]
fn an_empty_template_renders_to_nothing() {
    assert_eq!(rendered("", &json!({})), "");
    assert_eq!(rendered(" \n", &Value::Null), " \n");
}

#[test]
fn all_helpers_render_as_in_handlebars() {
    let data = json!({"a": 1, "b": "x", "l": ["p", "q"], "o": {"k": "v"}, "f": false});
    let cases = [
        ("{{#if f}}1{{else if a}}2{{else}}3{{/if}}", "2"),
        ("{{#unless f}}no{{/unless}}", "no"),
        ("{{#each l}}{{@index}}{{this}}{{#unless @last}},{{/unless}}{{/each}}", "0p,1q"),
        ("{{#each o}}{{@key}}={{this}}{{/each}}", "k=v"),
        ("{{#each l as |item i|}}{{i}}{{item}}{{@root.b}}{{/each}}", "0px1qx"),
        ("{{#each l}}{{../b}}{{/each}}", "xx"),
        ("{{#each l}}{{#each ../l}}{{@../index}}{{/each}}{{/each}}", "0011"),
        ("{{#with o}}{{k}}{{../b}}{{/with}}", "vx"),
        ("{{#with o as |p|}}{{p.k}}{{/with}}", "v"),
        ("{{lookup l 1}}{{lookup o \"k\"}}{{lookup o 'k'}}", "qvv"),
        ("{{#each l}}{{lookup ../l @index}}{{/each}}", "pq"),
        ("{{#if (eq b \"x\")}}same{{/if}}{{#eq a 1}}one{{/eq}}", "sameone"),
        ("{{#if (and (gt a 0) (lte a 1) (ne b \"y\") (not f))}}all{{/if}}", "all"),
        ("{{#if (or f (lt a 2) (gte a 9))}}or{{/if}}{{len l}}{{len b}}", "or21"),
        ("{{#if f includeZero=true}}1{{else}}0{{/if}}", "0"),
        ("{{{{raw}}}}{{a}} {{#if}}{{{{/raw}}}}", "{{a}} {{#if}}"),
        ("\\{{a}} \\\\{{a}} {{!-- }} --}}{{! c }}", "{{a}} \\1 "),
        ("a\n  {{~a~}}  \nb", "a1b"),
        ("{{this.a}}{{./a}}{{@root.a}}{{o.[k]}}{{l.[1]}}{{l.0}}", "111vqp"),
        ("{{#if a}}\r\nx\r\n{{/if}}\r\n  end ", "x\r\n  end "),
        ("{{#each l}}{{#if @first}}{{else}}-{{/if}}{{/each}}", "-"),
    ];
    for (source, expected) in cases {
        assert_eq!(rendered(source, &data), expected, "{source}");
    }
}

#[test]
fn partials_take_contexts_parameters_and_blocks() {
    let partials = [
        ("row", "[{{name}}{{suffix}}]"),
        ("base", "<{{> header}}|{{> @partial-block}}>"),
        ("header", "default"),
        ("deep/er@2", "{{> row suffix=\"!\"}}"),
        ("list", "{{#each items}}\n- {{this}}\n{{/each}}\n"),
        ("it's", "never"),
        ("two words", "quoted"),
    ];
    let data = json!({"user": {"name": "u"}, "name": "n", "items": ["a", "b"]});
    let cases = [
        ("{{> row user suffix=1}}{{> row suffix=name}}", "[u1][nn]"),
        ("{{> deep/er@2}}", "[n!]"),
        ("{{#> base}}{{#*inline \"header\"}}mine{{/inline}}body {{name}}{{/base}}", "<mine|body n>"),
        ("{{#> base}}body{{/base}}", "<default|body>"),
        ("{{#> absent}}fallback {{name}}{{/absent}}", "fallback n"),
        ("{{#*inline \"x\"}}{{name}}{{/inline}}{{> x}}{{> x name=2}}", "n2"),
        ("a\n  {{> list}}\nb", "a\n  - a\n  - b\nb"),
        ("{{> 'two words'}}", "quoted"),
    ];
    for (source, expected) in cases {
        assert_eq!(render(source, &partials, &data).unwrap(), expected, "{source}");
    }
}

#[test]
fn values_that_would_print_badly_are_refused() {
    let data = json!({"null": null, "o": {}, "l": [1], "s": "text", "n": 1});
    for (source, message) in [
        ("{{this.null}}", "main:1:3: `this.null` is null, which would print nothing"),
        ("{{o}}", "main:1:3: `o` is an object, which cannot be printed as text"),
        ("{{l}}", "main:1:3: `l` is a list, which cannot be printed as text"),
        ("{{this}}", "main:1:3: `this` is an object, which cannot be printed as text"),
        ("{{#each s}}{{/each}}", "main:1:9: `s` is a string, not a list or an object to loop over"),
        ("{{#each n}}{{else}}{{/each}}", "main:1:9: `n` is a number, not a list or an object to loop over"),
        ("{{lookup this \"o\"}}", "main:1:1: `lookup` is an object, which cannot be printed as text"),
        ("x {{l.first}}", "main:1:5: `first` is looked up in a list, whose items are `list.[0]` and so on"),
        ("{{untrusted o}}", "main:1:13: `o` is an object, which cannot be printed as text"),
        ("{{untrusted s}}", "main:1:1: `untrusted` needs a nonce in the options of the rendering"),
    ] {
        assert_eq!(render(source, &[], &data).unwrap_err().to_string(), message, "{source}");
    }
    let fine = "{{#if this.null}}{{else}}{{#each this.null}}{{/each}}{{#with this.null}}{{/with}}ok{{/if}}";
    assert_eq!(render(fine, &[], &data).unwrap(), "ok");
}

#[test]
fn all_missing_variables_are_named_with_their_places() {
    let source = "{{a}}\n{{#if b}}{{c}}{{/if}} {{#each d}}{{/each}}{{#with e}}{{/with}}\n\
                  {{#unless f}}{{/unless}}{{len g}}{{#if (eq h 1)}}{{/if}}{{> p i x=j}}{{a}}";
    let error = render(source, &[("p", "{{x}}{{@root.k}}")], &json!({})).unwrap_err();
    assert_eq!(missing(&error), ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"]);
    let places: Vec<_> =
        error.diagnostics().iter().map(|d| (d.template.as_str(), d.span.line, d.span.column)).collect();
    assert_eq!(places[..4], [("main", 1, 3), ("main", 2, 7), ("main", 2, 12), ("main", 2, 31)]);
    assert_eq!(places.last(), Some(&("p", 1, 8)));
    assert_eq!(error.diagnostics().len(), 12);
    assert!(error.diagnostics().iter().all(|d| d.code == Code::MissingVariable));
    assert!(!error.to_string().contains('\n'));
}

#[test]
fn what_is_missing_inside_of_values_is_named_too() {
    let data = json!({"user": {"name": "u"}, "rows": [{"a": 1}, {}], "k": "none"});
    let source = "{{user.mail}}{{#each rows}}{{a}}{{../nope}}{{/each}}{{lookup user k}}{{@index}}";
    let error = render(source, &[], &data).unwrap_err();
    assert_eq!(missing(&error), ["@index", "a", "none", "nope", "user.mail"]);
    let lenient = RenderOptions::default().missing(Missing::Empty);
    assert_eq!(compile(source, &[]).unwrap().render(&data, &lenient).unwrap(), "1");
}

#[test]
fn a_branch_that_is_not_taken_needs_its_variables_too() {
    let error = render("{{#if a}}{{b}}{{/if}}", &[], &json!({"a": false})).unwrap_err();
    assert_eq!(missing(&error), ["b"]);
}

#[test]
fn missing_variables_can_be_empty() {
    let template = compile("[{{a}}{{#if b}}x{{else}}y{{/if}}{{#each c}}z{{/each}}{{d}}]", &[]).unwrap();
    let options = RenderOptions::default().missing(Missing::Empty);
    assert_eq!(template.render(&json!({"d": null}), &options).unwrap(), "[y]");
}

#[test]
fn a_wrong_name_is_answered_with_a_near_one() {
    let error = render("{{analysis_templat}}", &[], &json!({"analysis_template": ""})).unwrap_err();
    assert_eq!(error.diagnostics()[0].suggestion.as_deref(), Some("analysis_template"));
    assert!(error.report().contains("did you mean `analysis_template`?"));
}

#[test]
fn variables_must_be_named() {
    for wrong in [json!([1]), json!("text"), json!(1)] {
        let error = render("", &[], &wrong).unwrap_err();
        assert!(matches!(error, Error::NotAnObject { .. }), "{error}");
        assert!(error.report().starts_with("error: the variables of `main` are not named values"));
    }
}

#[test]
fn many_warnings_hide_no_error() {
    let source = "{{@index}}".repeat(150) + "{{@bad}}";
    let check = Engine::default().check("main", &source);
    assert!(!check.is_ok());
    assert_eq!(check.diagnostics.len(), 21);
    assert_eq!(compile(&source, &[]).unwrap_err().diagnostics().len(), 1);
}

/// What JSON cannot hold is not said to be a matter of names.
#[test]
fn values_that_json_cannot_hold_are_refused_in_plain_words() {
    let template = compile("{{a}}", &[]).unwrap();
    let options = RenderOptions::default();
    let error = template.render(&BTreeMap::from([("a", u128::MAX)]), &options).unwrap_err();
    let message = "a value that is given to `main` cannot be written as JSON: number out of range";
    assert_eq!(error.to_string(), message);
    assert!(error.diagnostics().is_empty() && error.report().contains(message));
    let keys = BTreeMap::from([("a", BTreeMap::from([((1, 2), 3)]))]);
    let error = template.render(&keys, &options).unwrap_err();
    assert!(matches!(&error, Error::NotJson { reason, .. } if reason == "key must be a string"), "{error}");
}

#[test]
fn an_empty_nonce_is_none() {
    let template = compile("{{untrusted a}}", &[]).unwrap();
    for nonce in ["", " \n"] {
        let error = template.render(&json!({"a": "x"}), &RenderOptions::default().nonce(nonce)).unwrap_err();
        let message = "main:1:1: the nonce for `untrusted` is empty: everybody could guess its marker";
        assert_eq!(error.to_string(), message);
    }
    let plain = compile("{{a}}", &[]).unwrap();
    assert_eq!(plain.render(&json!({"a": "x"}), &RenderOptions::default().nonce("")).unwrap(), "x");
}

/// A partial prints its parameters, so a fence may be made for it.
#[test]
fn untrusted_text_can_be_given_to_a_partial() {
    let options = RenderOptions::default().nonce("n");
    let template = compile("{{> p x=(untrusted a)}}", &[("p", "{{x}}")]).unwrap();
    let direct = compile("{{untrusted a}}", &[]).unwrap();
    let data = json!({"a": "text"});
    assert_eq!(template.render(&data, &options).unwrap(), direct.render(&data, &options).unwrap());
    let error = compile("{{upper (untrusted a)}}", &[]).unwrap_err();
    assert_eq!(error.diagnostics()[0].code, Code::HelperUse);
}

#[test]
fn what_is_suggested_for_the_value_around_can_be_rendered() {
    let source = "{{#each a}}{{#each this}}{{len ../this}}{{this}}{{/each}}{{/each}}";
    assert_eq!(render(source, &[], &json!({"a": [["x", "y"]]})).unwrap(), "2x2y");
}

#[test]
fn maps_and_structs_are_variables() {
    #[derive(serde::Serialize)]
    struct Given<'a> {
        a: &'a str,
    }
    let template = compile("{{a}}", &[]).unwrap();
    let options = RenderOptions::default();
    assert_eq!(template.render(&Given { a: "1" }, &options).unwrap(), "1");
    assert_eq!(template.render(&BTreeMap::from([("a", 2)]), &options).unwrap(), "2");
    assert_eq!(template.render(&HashMap::from([("a", true)]), &options).unwrap(), "true");
}

#[test]
fn untrusted_text_cannot_close_its_delimiter() {
    let template = compile("{{untrusted a}}", &[]).unwrap();
    let options = RenderOptions::default().nonce("n");
    let plain = template.render(&json!({"a": "text"}), &options).unwrap();
    assert_eq!(plain, "<untrusted-1b16b1df538ba12d>\ntext\n</untrusted-1b16b1df538ba12d>");
    assert_eq!(template.render(&json!({"a": "text"}), &options).unwrap(), plain);
    let hostile = template.render(&json!({"a": plain}), &options).unwrap();
    let marker = &hostile["<untrusted-".len()..][..16];
    assert!(!plain.contains(marker));
    assert_eq!(hostile.matches(marker).count(), 2);
}

#[test]
fn a_compiled_template_tells_what_it_is_made_of() {
    let partials = [("b", "{{> c}}{{y}}"), ("c", "c"), ("unused", "")];
    let template = compile("{{x}}{{> b}}", &partials).unwrap();
    assert_eq!((template.name(), template.source()), ("main", "{{x}}{{> b}}"));
    assert_eq!(template.partials().collect::<Vec<_>>(), ["b", "c"]);
    let names: Vec<_> = template.variables().iter().map(|variable| variable.name.as_str()).collect();
    assert_eq!(names, ["x", "y"]);
}

#[test]
fn the_closure_digest_changes_with_each_part_alone() {
    let digest = |source, partials| compile(source, partials).unwrap().closure_digest();
    let first = digest("{{> b}}", &[("b", "one"), ("z", "")]);
    assert_eq!(first, digest("{{> b}}", &[("b", "one"), ("z", "other")]));
    assert_ne!(first, digest("{{> b}}", &[("b", "two")]));
    assert_ne!(first, digest("{{> b}} ", &[("b", "one")]));
    let named = |name| Engine::default().compile(name, "text", &NoPartials).unwrap().closure_digest();
    assert_eq!(named("a"), named("b"));
    let mut bytes = vec![0; 8];
    bytes.extend([0, 0, 0, 0, 0, 0, 0, 4]);
    bytes.extend(b"text");
    assert_eq!(named("a"), sha256_hex(std::str::from_utf8(&bytes).unwrap()));
}

#[test]
fn templates_are_shared_between_threads() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<Engine>();
    shared::<Template>();
    shared::<Error>();
    let template = compile("{{a}}", &[]).unwrap();
    std::thread::scope(|scope| {
        for number in 0..4 {
            let template = &template;
            scope.spawn(move || {
                let text = template.render(&json!({"a": number}), &RenderOptions::default());
                assert_eq!(text.unwrap(), number.to_string());
            });
        }
    });
}

#[test]
fn an_overridden_part_needs_none_of_its_variables() {
    let base = ("base", "{{x}} {{#> part}}default {{y}}{{/part}}");
    let own = "{{#> base}}{{#*inline \"part\"}}own {{z}}{{/inline}}{{/base}}";
    assert_eq!(render(own, &[base], &json!({"x": 1, "z": 3})).unwrap(), "1 own 3");
    let error = render("{{> base}}", &[base], &json!({"x": 1})).unwrap_err();
    assert_eq!(missing(&error), ["y"]);
    // A block that is asked for is seen, and so is what it lacks.
    let asks = ("asks", "<{{> @partial-block}}>");
    let error = render("{{#> asks}}{{y}}{{/asks}}", &[asks], &json!({})).unwrap_err();
    assert_eq!(missing(&error), ["y"]);
    let ignores = ("ignores", "no block");
    assert_eq!(render("{{#> ignores}}{{y}}{{/ignores}}", &[ignores], &json!({})).unwrap(), "no block");
}

#[test]
fn the_opposite_of_a_test_guards_the_other_branch() {
    for source in [
        "{{#unless (isdef x)}}none{{else}}{{x}}{{/unless}}",
        "{{#if (not (isdef x))}}none{{else}}{{x}}{{/if}}",
    ] {
        assert_eq!(rendered(source, &json!({})), "none");
        assert_eq!(rendered(source, &json!({"x": 1})), "1");
    }
}

#[test]
fn a_comment_may_end_with_a_tilde() {
    // Handlebars takes it for a short comment, whose `~` is part of its text.
    assert_eq!(rendered("a {{!-- c --~}} b", &json!({})), "a  b");
}
