//! The helpers that report to a rendering, or need something of it.

use std::sync::atomic::Ordering::Relaxed;

use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, Output, PathAndJson, RenderContext, RenderError,
    RenderErrorReason, Renderable, ScopedJson,
};
use serde_json::Value;

use crate::diagnostic::{Code, Problem};
use crate::digest::sha256_hex;
use crate::excerpt::short;
use crate::limits::Limit;
use crate::run::output::Counted;
use crate::run::{Of, Run, kind, unfit, weight};
use crate::template::Missing;
use crate::weave::{Role, SITE, Stands, site_of_partial};

/// The number of a site in a parameter.
pub(super) fn site_of(param: Option<&PathAndJson<'_>>) -> Option<usize> {
    let number = param?.value().as_u64()?;
    usize::try_from(number).ok()
}

/// Pays for one turn of a body, and looks at its values.
pub(super) struct Guard<'r>(pub(super) &'r Run<'r>);

impl HelperDef for Guard<'_> {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        _: &mut dyn Output,
    ) -> HelperResult {
        let Self(run) = self;
        let Some((number, site)) = site_of(helper.param(0)).and_then(|n| Some((n, run.sites.get(n)?))) else {
            return Ok(());
        };
        run.site.store(number, Relaxed);
        run.charge(site.cost)?;
        for (used, param) in site.uses.iter().zip(&helper.params()[1..]) {
            run.inspect(site, used, param)?;
        }
        Ok(())
    }
}

/// Bounds how deep partials nest, and what they write into buffers.
pub(super) struct Sheath<'r>(pub(super) &'r Run<'r>);

impl HelperDef for Sheath<'_> {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        registry: &'reg Handlebars<'reg>,
        context: &'rc Context,
        rc: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let Self(run) = self;
        let Some(template) = helper.template() else {
            return Ok(());
        };
        let site = site_of(helper.param(0)).unwrap_or_default();
        run.site.store(site, Relaxed);
        // The context of a partial is a copy.
        let copied = rc.block().and_then(|block| block.base_value()).map_or(0, weight);
        run.charge(copied)?;
        let block_of = helper.param(1).and_then(|param| param.value().as_str());
        let buffered = block_of.is_some();
        let inside = if buffered { 0 } else { run.sites.get(site).map_or(0, |site| site.depth) };
        let most = run.limits.nesting;
        if run.depth.fetch_add(inside + 1, Relaxed) > most * 2 {
            return Err(run.exceed(Limit::PartialDepth, most as u64));
        }
        // Of a block that its partial does not ask for, nothing is seen, so nothing can be missing.
        let partial = block_of.and_then(|name| rc.get_partial(name).or_else(|| registry.get_template(name)));
        let partial = partial.and_then(site_of_partial).and_then(|number| run.sites.get(number));
        let is_unseen = partial.is_some_and(|partial| !partial.asks_for_block);
        run.unseen.fetch_add(usize::from(is_unseen), Relaxed);
        let result = if buffered {
            template.render(registry, context, rc, &mut Counted { run, out })
        } else {
            template.render(registry, context, rc, out)
        };
        run.unseen.fetch_sub(usize::from(is_unseen), Relaxed);
        run.depth.fetch_sub(inside + 1, Relaxed);
        result
    }
}

/// `lookup`, which reports a key or an index that is not there.
pub(super) struct Lookup<'r> {
    pub(super) run: &'r Run<'r>,
    pub(super) printed: bool,
}

impl HelperDef for Lookup<'_> {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let run = self.run;
        let value = |at| helper.param(at).map_or(&Value::Null, |param| param.value());
        let key = value(1);
        let found = match value(0) {
            Value::Array(items) => {
                key.as_u64().and_then(|at| usize::try_from(at).ok()).and_then(|at| items.get(at))
            }
            Value::Object(items) => key.as_str().and_then(|key| items.get(key)),
            _ => None,
        };
        let strict = run.missing == Missing::Refuse;
        let site = site_of(helper.hash_get(SITE)).and_then(|site| run.sites.get(site));
        if let Some(site) = site {
            let range = &site.range;
            let may_miss = site.called.as_ref().is_some_and(|called| called.stands == Stands::Optional);
            if found.is_none() && strict && !may_miss {
                let key = key.as_str().map_or_else(|| key.to_string(), str::to_owned);
                let message = format!("`lookup` finds nothing for `{}`", short(&key));
                let problem = Problem::new(Code::MissingVariable, range.clone(), message);
                run.record(site, problem, Of::Missing(key));
            } else if let Some(found) = found
                && self.printed
                && let Some(message) = unfit("lookup", Role::Printed, found, strict)
            {
                run.record_unfit(site, range, message, found);
            }
        }
        let Some(found) = found else {
            return Ok(ScopedJson::Missing);
        };
        run.charge(weight(found))?;
        Ok(ScopedJson::Derived(found.clone()))
    }
}

/// `untrusted`, which puts a text between two markers that it does not hold.
pub(super) struct Untrusted<'r>(pub(super) &'r Run<'r>);

impl HelperDef for Untrusted<'_> {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let Self(run) = self;
        let fail = |message: &str| Err(RenderErrorReason::Other(message.to_owned()).into());
        let Some(nonce) = run.nonce else {
            return fail("`untrusted` needs a nonce in the options of the rendering");
        };
        if nonce.trim().is_empty() {
            return fail("the nonce for `untrusted` is empty: everybody could guess its marker");
        }
        let text = match helper.param(0).map(PathAndJson::value) {
            Some(Value::String(text)) => text.clone(),
            Some(value @ (Value::Number(_) | Value::Bool(_))) => value.to_string(),
            Some(Value::Null) | None => String::new(),
            Some(value) => return fail(&format!("`untrusted` takes a text, not {}", kind(value))),
        };
        run.charge(1 + text.len() as u64 / 256)?;
        let marker = marker(nonce, &text);
        let fenced = format!("<untrusted-{marker}>\n{text}\n</untrusted-{marker}>");
        Ok(ScopedJson::Derived(Value::String(fenced)))
    }
}

/// A marker drawn from the nonce that the text does not hold.
fn marker(nonce: &str, text: &str) -> String {
    let mut marker = sha256_hex(nonce);
    marker.truncate(16);
    while text.contains(&marker) {
        marker = sha256_hex(&marker);
        marker.truncate(16);
    }
    marker
}
