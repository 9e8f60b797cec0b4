//! Feature types that the rules suggest, and whether a template serves them.

use prompt_manager::model::{FeatureType, GLOBAL_PROJECT};
use prompt_manager::{Reference, ResolveRequest};
use test_support::{TestDatabase, backends};

use crate::support::{ANALYSIS, add, manager, stamp};

const REQUEST: &str = "The login does not work";

backends! {
    fn a_feature_type_is_worth_a_word_where_a_template_serves_it(db: &TestDatabase) {
        let manager = manager(db);
        let served = |request: &str| {
            let suggested = manager.suggest_served_feature_type("default", request).unwrap();
            suggested.map(|suggested| suggested.suggestion.feature_type.to_string())
        };
        let bugfix: FeatureType = "bugfix".parse().unwrap();
        assert!(manager.suggest_feature_type("default", REQUEST).unwrap().is_some());
        assert_eq!(served(REQUEST), None, "no template is for it");
        add(&manager, "default", "any", None);
        assert_eq!(served(REQUEST), None, "one for every feature type is none for this one");
        add(&manager, GLOBAL_PROJECT, "fix", Some(&bugfix));
        assert_eq!(served(REQUEST).as_deref(), Some("bugfix"));
        assert_eq!(served("Write a poem"), None);
        let fix = Reference::production("fix");
        manager.remove(&fix, GLOBAL_PROJECT, &stamp()).unwrap();
        assert_eq!(served(REQUEST), None, "it was removed");
        add(&manager, "default", "ours", Some(&bugfix));
        assert_eq!(served(REQUEST).as_deref(), Some("bugfix"));
        let request = ResolveRequest {
            template_type: ANALYSIS,
            project: "default",
            feature_type: None,
            explicit: None,
        };
        assert_eq!(manager.resolve(&request).unwrap().name, "any", "a suggestion changes nothing");
    }
}
