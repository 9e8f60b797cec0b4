//! Storing versions: the last part of every publication, and the way back to an older one.

use prompt_model::OrchestrationTemplateType;
use prompt_model::builtin::FEATURE_TYPES_PROMPT;
use prompt_model::{Label, NewVersion, Prompt, Queries, Stamp, Tag, Version, VersionHeader};
use prompt_template::sha256_hex;
use serde_json::{Map, Value, json};

use crate::change_log::{Action, Entry, label_move, record};
use crate::diff::line_counts;
use crate::feature_rules::FeatureRules;
use crate::gates::Watch;
use crate::labels::{now, protection, refuse_any, refuse_removed};
use crate::publish::check_actor;
use crate::read::{find_in_project, selected_version};
use crate::{
    Audience, Content, Error, GateRefusal, OrchestrationTemplateManager, Published, Reference, Refusal,
    Result,
};

/// What a version is made of, with what was left out filled in.
struct Made<'a> {
    text: &'a str,
    config: Option<Map<String, Value>>,
    tags: Vec<Tag>,
}

impl Made<'_> {
    fn is(&self, version: &Version, tags: &[Tag]) -> bool {
        self.text == version.content && self.config == version.header.config && self.tags == tags
    }
}

impl OrchestrationTemplateManager {
    /// Adds a version with the text, the settings and the tags of an older one; `production` moves to it as
    /// in [`update`](Self::update).
    ///
    /// # Errors
    /// [`Refusal::IsCurrent`] where `production` names a version with this text already.
    pub fn rollback(
        &self,
        reference: &Reference,
        project: &str,
        audience: Audience,
        stamp: &Stamp,
    ) -> Result<Published> {
        check_actor(stamp)?;
        if !reference.names_version {
            return Err(Error::Refused(Refusal::NamesNoVersion { reference: reference.clone() }));
        }
        self.database.write(|q| {
            let prompt = find_in_project(q, reference, project)?;
            q.lock_prompt(prompt.id)?;
            let prompt = now(q, &prompt)?;
            refuse_removed(&prompt)?;
            let old = selected_version(q, &prompt, reference)?;
            let current = prompt.current.as_ref();
            let tags = tags(q, &old.header)?;
            if let Some(current) = current.filter(|current| current.number != old.header.number) {
                let current = known_version(q, &prompt, current.number)?;
                let made = Made { text: &old.content, config: old.header.config.clone(), tags: tags.clone() };
                let current_tags = self::tags(q, &current.header)?;
                if made.is(&current, &current_tags) {
                    return Err(is_current(&prompt, old.header.number));
                }
            } else if current.is_some() {
                return Err(is_current(&prompt, old.header.number));
            }
            let message = format!("rollback to version {}", old.header.number);
            let made = Made { text: &old.content, config: old.header.config.clone(), tags };
            let required = self.required_variables(q, &prompt, &old.content)?;
            let content =
                Content { text: &old.content, message: Some(&message), audience, ..Content::default() };
            self.insert(q, &prompt, &content, &made, required, Action::VersionAdded, stamp)
        })
    }

    /// Stores the first version of a prompt that was just made.
    pub(crate) fn store_first(
        &self,
        q: &mut Queries<'_>,
        prompt: &Prompt,
        content: &Content<'_>,
        required: Vec<String>,
        stamp: &Stamp,
    ) -> Result<Published> {
        let tags = sorted(content.tags.unwrap_or_default());
        let made = Made {
            text: content.text,
            config: content.config.filter(|config| !config.is_empty()).cloned(),
            tags,
        };
        self.insert(q, prompt, content, &made, required, Action::PromptAdded, stamp)
    }

    /// Stores a text of ours, which is checked when the program is built.
    pub(crate) fn store_builtin(
        &self,
        q: &mut Queries<'_>,
        prompt: &Prompt,
        content: &Content<'_>,
        action: Action,
        stamp: &Stamp,
    ) -> Result<Published> {
        let made = Made { text: content.text, config: None, tags: Vec::new() };
        self.insert(q, prompt, content, &made, Vec::new(), action, stamp)
    }

    /// Stores a further version of a prompt, unless it is there already. The prompt is locked.
    pub(crate) fn store_next(
        &self,
        q: &mut Queries<'_>,
        prompt: &Prompt,
        content: &Content<'_>,
        stamp: &Stamp,
    ) -> Result<Published> {
        let (name, latest) = (prompt.full_name(), prompt.latest);
        if let Some(based_on) = content.based_on.filter(|based_on| *based_on != latest) {
            return Err(Error::Refused(Refusal::Overtaken { name, based_on, latest }));
        }
        let required = self.required_variables(q, prompt, content.text)?;
        let newest = q.version_by_number(prompt.id, latest)?;
        let newest_tags = match &newest {
            Some(newest) => tags(q, &newest.header)?,
            None => Vec::new(),
        };
        let inherited = newest.as_ref().and_then(|newest| newest.header.config.clone());
        let made = Made {
            text: content.text,
            config: content.config.cloned().or(inherited).filter(|config| !config.is_empty()),
            tags: content.tags.map_or_else(|| newest_tags.clone(), sorted),
        };
        if let Some(newest) = newest.filter(|newest| made.is(newest, &newest_tags)) {
            return self.publish_again(q, prompt, &newest, content.audience, required, stamp);
        }
        if content.audience == Audience::Production
            && let Some(current) = &prompt.current
        {
            let current = known_version(q, prompt, current.number)?;
            let current_tags = tags(q, &current.header)?;
            if made.is(&current, &current_tags) {
                return self.publish_again(q, prompt, &current, content.audience, required, stamp);
            }
        }
        self.insert(q, prompt, content, &made, required, Action::VersionAdded, stamp)
    }

    fn required_variables(&self, q: &mut Queries<'_>, prompt: &Prompt, text: &str) -> Result<Vec<String>> {
        let template_type = prompt.placement.as_ref().map(|place| place.template_type);
        self.usable(q, (&prompt.project, &prompt.name, prompt.is_template), template_type, text)
    }

    /// A version that is there already: `production` may still have to move to it.
    fn publish_again(
        &self,
        q: &mut Queries<'_>,
        prompt: &Prompt,
        version: &Version,
        audience: Audience,
        required: Vec<String>,
        stamp: &Stamp,
    ) -> Result<Published> {
        let watch = Watch::before(self, q, &[prompt.id])?;
        let moved = self.move_production(q, prompt, version, audience, &watch, stamp)?;
        if moved.is_done {
            let number = version.header.number;
            let labels = label_move(Label::production().as_str(), prompt.production(), Some(number));
            let entry = Entry::of_prompt(Action::LabelSet, prompt, json!({ "labels": labels }));
            record(q, vec![entry], stamp)?;
        }
        Ok(Published {
            prompt: now(q, prompt)?,
            version: version.header.clone(),
            production_before: prompt.production(),
            unchanged: true,
            changed: None,
            held_back: moved.held_back,
            extra_variables: required,
        })
    }

    #[expect(clippy::too_many_arguments, reason = "the one place where all of a new version meets")]
    fn insert(
        &self,
        q: &mut Queries<'_>,
        prompt: &Prompt,
        content: &Content<'_>,
        made: &Made<'_>,
        required: Vec<String>,
        action: Action,
        stamp: &Stamp,
    ) -> Result<Published> {
        let watch = Watch::before(self, q, &[prompt.id])?;
        let sha256 = sha256_hex(made.text);
        let new = NewVersion {
            content: made.text,
            sha256: &sha256,
            message: content.message,
            variables: &required,
            config: made.config.as_ref(),
            tags: &made.tags,
        };
        let changed = match prompt.production() {
            Some(before) => Some(line_counts(&known_version(q, prompt, before)?.content, made.text)),
            None => None,
        };
        let header = q.insert_version(prompt.id, &new, stamp)?;
        let version = Version { header, content: made.text.to_owned() };
        let moved = self.move_production(q, prompt, &version, content.audience, &watch, stamp)?;
        let entry = Entry::of_prompt(action, prompt, stored_details(prompt, &version.header, &new, &moved));
        record(q, vec![entry], stamp)?;
        Ok(Published {
            prompt: now(q, prompt)?,
            version: version.header,
            production_before: prompt.production(),
            unchanged: false,
            changed,
            held_back: moved.held_back,
            extra_variables: required,
        })
    }

    /// What callers have to give. A text that cannot be used is refused: a template that does not compile, rules
    /// that cannot be read.
    pub(crate) fn usable(
        &self,
        q: &mut Queries<'_>,
        prompt: (&str, &str, bool),
        template_type: Option<OrchestrationTemplateType>,
        text: &str,
    ) -> Result<Vec<String>> {
        let (project, name, is_template) = prompt;
        if name == FEATURE_TYPES_PROMPT {
            let bad = |source| Error::Rules { prompt: name.to_owned(), source };
            FeatureRules::parse(text).map_err(bad)?;
        }
        if is_template { self.check_content(q, name, project, template_type, text) } else { Ok(Vec::new()) }
    }

    /// Moves `production` to a version for sessions, unless its gate says no.
    fn move_production(
        &self,
        q: &mut Queries<'_>,
        prompt: &Prompt,
        version: &Version,
        audience: Audience,
        watch: &Watch,
        stamp: &Stamp,
    ) -> Result<Moved> {
        let is_there = prompt.production() == Some(version.header.number);
        if audience == Audience::Draft || is_there {
            refuse_any(watch.after(self, q)?)?;
            return Ok(Moved::default());
        }
        let production = Label::production();
        let number = version.header.number;
        if let Some(refused) = protection(q, prompt, &production, number)? {
            refuse_any(watch.after(self, q)?)?;
            return Ok(Moved { is_done: false, held_back: vec![refused] });
        }
        q.set_label(prompt.id, &production, number)?;
        let held_back = watch.after(self, q)?;
        if held_back.is_empty() {
            q.set_prompt_content(prompt.id, &version.content, stamp)?;
            return Ok(Moved { is_done: true, held_back });
        }
        // The version stays, as a draft, unless a gated template includes the newest one, whatever its label.
        match prompt.production() {
            Some(current) => q.set_label(prompt.id, &production, current)?,
            None => q.remove_label(prompt.id, &production)?,
        }
        refuse_any(watch.after(self, q)?)?;
        Ok(Moved { is_done: false, held_back })
    }
}

#[derive(Default)]
struct Moved {
    is_done: bool,
    held_back: Vec<GateRefusal>,
}

/// What the log says of a version that was stored.
fn stored_details(prompt: &Prompt, header: &VersionHeader, new: &NewVersion<'_>, moved: &Moved) -> Value {
    let mut details = json!({ "version": header.number, "sha256": new.sha256 });
    if let Some(config) = new.config {
        details["config"] = json!(config);
    }
    if !new.tags.is_empty() {
        details["tags"] = json!(new.tags);
    }
    if let Some(message) = new.message {
        details["message"] = json!(message);
    }
    if let Some(place) = prompt.placement.as_ref().filter(|_| header.number == 1) {
        details["type"] = json!(place.template_type);
        details["feature_type"] = json!(place.feature_type);
        details["active"] = json!(place.active);
    }
    if moved.is_done {
        let production = Label::production();
        details["labels"] = label_move(production.as_str(), prompt.production(), Some(header.number));
    }
    if !moved.held_back.is_empty() {
        details["held_back"] = json!(true);
    }
    details
}

fn known_version(q: &mut Queries<'_>, prompt: &Prompt, number: i32) -> Result<Version> {
    Ok(q.version_by_number(prompt.id, number)?.expect("a label names a version that is there"))
}

fn tags(q: &mut Queries<'_>, version: &VersionHeader) -> Result<Vec<Tag>> {
    Ok(q.tags(&[version.id])?.into_iter().map(|(_, tag)| tag).collect())
}

fn sorted(tags: &[Tag]) -> Vec<Tag> {
    let mut tags = tags.to_vec();
    tags.sort();
    tags.dedup();
    tags
}

fn is_current(prompt: &Prompt, version: i32) -> Error {
    Error::Refused(Refusal::IsCurrent { name: prompt.full_name(), version })
}
