//! Which variables and partials are found in a source.

use prompt_template::{Code, Engine};

use crate::compile;

fn variables(source: &str) -> Vec<String> {
    let check = Engine::default().check("main", source);
    assert!(check.is_ok(), "{source}: {:?}", check.diagnostics);
    check.variables.into_iter().map(|variable| variable.name).collect()
}

#[test]
fn variables_are_what_the_outermost_level_looks_up() {
    let cases: [(&str, &[&str]); 18] = [
        ("{{a}} {{ b }} {{{c}}} {{&d}}", &["a", "b", "c", "d"]),
        ("{{a.b.c}}{{a/d}}{{[odd name].x}}", &["a", "odd name"]),
        ("{{this.a}}{{./b}}{{@root.c.d}}{{../e}}", &["a", "b", "c", "e"]),
        ("{{#if a}}{{b}}{{else if c}}{{d}}{{else}}{{e}}{{/if}}", &["a", "b", "c", "d", "e"]),
        ("{{#each a}}{{b}}{{this}}{{@index}}{{../c}}{{@root.d}}{{/each}}", &["a", "c", "d"]),
        ("{{#each a}}{{else}}{{b}}{{/each}}", &["a", "b"]),
        ("{{#each a as |x i|}}{{x.y}}{{i}}{{../z}}{{/each}}", &["a", "z"]),
        ("{{#with a}}{{b}}{{#with ../c}}{{d}}{{../../e}}{{/with}}{{/with}}", &["a", "c", "e"]),
        ("{{#with this}}{{a}}{{/with}}{{#with @root.b}}{{x}}{{/with}}", &["a", "b"]),
        ("{{#if (and a (eq b 1) (not (gt (len c) 2)))}}{{/if}}", &["a", "b", "c"]),
        ("{{#if 1}}{{/if}}{{#eq \"a\" 'b'}}{{/eq}}{{#if true}}{{/if}}{{#eq null -1.5}}{{/eq}}", &[]),
        ("{{> p a b=c d=\"x\"}}", &["a", "c"]),
        ("{{#> p}}{{a}}{{/p}}", &["a"]),
        ("{{#> p x=1}}{{x}}{{a}}{{/p}}", &["a"]),
        ("{{#*inline \"p\"}}{{a}}{{/inline}}{{> p}}", &["a"]),
        ("{{{{raw}}}}{{a}}{{{{/raw}}}}\\{{b}}{{! {{c}} }}{{!-- {{d}} --}}", &[]),
        ("{{lookup a b}}{{#each (lookup c 0)}}{{d}}{{/each}}", &["a", "b", "c"]),
        ("{{~#if a~}} {{~b~}} {{~else~}} {{~/if~}}", &["a", "b"]),
    ];
    for (source, expected) in cases {
        assert_eq!(variables(source), expected, "{source}");
    }
}

#[test]
fn variables_are_followed_into_partials() {
    let partials = [
        ("at_root", "{{a}}{{> nested}}{{given}}"),
        ("nested", "{{b}}"),
        ("of_item", "{{c}}{{@root.d}}"),
        ("of_user", "{{name}}"),
    ];
    let source = "{{> at_root given=e}}{{#each xs}}{{> of_item}}{{/each}}{{> of_user user}}";
    let template = compile(source, &partials).unwrap();
    let names: Vec<_> = template.variables().iter().map(|variable| variable.name.as_str()).collect();
    assert_eq!(names, ["a", "b", "d", "e", "user", "xs"]);
}

#[test]
fn uses_have_paths_places_and_guards() {
    let check = Engine::default().check("main", "{{a.b}}\n{{#if c}}é{{c}}{{/if}}");
    let [a, c] = &check.variables[..] else { panic!("two variables") };
    assert_eq!((a.uses[0].path.as_str(), a.uses[0].span.range.clone()), ("a.b", 2..5));
    assert!(!c.is_guarded() && !c.uses[0].guarded && c.uses[1].guarded);
    assert_eq!((c.uses[1].span.line, c.uses[1].span.column), (2, 13));
}

#[test]
fn partials_are_listed_without_the_inline_ones() {
    let source = "{{> b}}{{#> a}}{{> c/d@1}}{{/a}}{{#*inline \"e\"}}{{/inline}}{{> e}}{{> 'f g'}}\
                  {{#> b}}{{> @partial-block}}{{/b}}";
    let check = Engine::default().check("main", source);
    assert_eq!(check.partials, ["a", "b", "c/d@1", "f g"]);
    assert_eq!(Engine::default().partials(source), check.partials);
}

#[test]
fn unknown_variables_are_reported_in_the_order_of_the_source() {
    let check = Engine::default().check("main", "{{zeta}}{{alpha}}{{known}}{{zeta}}");
    let unknown = check.unknown_variables(&["known", "alphas"]);
    assert_eq!(unknown[0].subject.as_deref(), Some("zeta"));
    let found: Vec<_> = unknown.iter().map(|d| (d.span.column, d.suggestion.as_deref())).collect();
    assert_eq!(found, [(3, None), (11, Some("alphas")), (29, None)]);
    assert!(unknown.iter().all(|d| d.code == Code::UnknownVariable));
}

#[test]
fn what_is_looked_at_for_being_there_need_not_be() {
    let required = |source: &str| {
        let check = Engine::default().check("main", source);
        assert!(check.is_ok(), "{source}: {:?}", check.diagnostics);
        let required = check.variables.iter().filter(|variable| !variable.is_optional());
        required.map(|variable| variable.name.clone()).collect::<Vec<_>>()
    };
    let cases: [(&str, &[&str]); 9] = [
        ("{{default a \"x\"}}{{#if (isdef b)}}{{/if}}{{upper (default c.d 1)}}", &[]),
        ("{{default a b}}{{default (default a c) d}}", &["b", "c", "d"]),
        ("{{default a \"x\"}}{{a}}", &["a"]),
        ("{{default (upper a) \"x\"}}", &["a"]),
        ("{{#if (isdef a)}}{{a}}{{#each b}}{{@root.a.c}}{{/each}}{{/if}}", &["b"]),
        ("{{#if (isdef a)}}{{else}}{{a}}{{/if}}", &["a"]),
        ("{{#if (and (isdef a) (isdef b.c))}}{{a}}{{b}}{{/if}}", &[]),
        ("{{#if (isdef a)}}{{/if}}{{a}}{{#unless (isdef b)}}{{b}}{{/unless}}", &["a", "b"]),
        ("{{#*inline \"default\"}}{{/inline}}{{> default a}}", &["a"]),
    ];
    for (source, expected) in cases {
        assert_eq!(required(source), expected, "{source}");
    }
}

#[test]
fn a_path_may_begin_with_the_name_of_a_helper() {
    let source = "{{first.name}}{{lookup.x}}{{this.length}}{{@root.join}}{{#if upper}}{{/if}}";
    assert_eq!(variables(source), ["first", "join", "length", "lookup", "upper"]);
    let data = prompt_template::serde_json::json!({
        "first": {"name": "n"}, "lookup": {"x": 1}, "length": 2, "join": "j", "upper": 0
    });
    assert_eq!(crate::render(source, &[], &data).unwrap(), "n12j");
    let check = Engine::default().check("main", "{{length}}");
    let message = "`length` is a helper and lacks its parameters; for a variable write `this.length`";
    assert_eq!(check.diagnostics[0].message, message);
}
