import Testing

@testable import Tokenizers

/// What is not implemented is refused by name: a token silently other than the trainer's would spoil
/// every measurement that follows.
@Suite struct RefusalTests {
    private static let model =
        #""model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, MORE}"#

    private func refusal(_ json: String) -> String {
        do {
            _ = try Tokenizer(json: Array(json.utf8), path: "t.json")
            return "none"
        } catch {
            return error.description
        }
    }

    @Test(arguments: [
        (#""normalizer": {"type": "Rot13"}"#, #""normalizer" is of type "Rot13""#),
        (
            #""pre_tokenizer": {"type": "UnicodeScripts"}"#,
            #""pre_tokenizer" is of type "UnicodeScripts""#
        ),
        (#""decoder": {"type": "CTC", "pad_token": "p"}"#, #""decoder" is of type "CTC""#),
        (#""post_processor": {"type": "X"}"#, #""post_processor" is of type "X""#),
        (#""normalizer": {"type": "NFC", "x": 1}"#, #"field "normalizer.x" is unknown"#),
        (
            #""normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Y"}]}"#,
            #""normalizer.normalizers[1]" is of type "Y""#
        ),
        (#""extra": 1"#, #"field "extra" is unknown"#),
        (#""version": "2.0""#, #"field "version" is "2.0", which is not supported"#),
        (
            #""normalizer": {"type": "Strip", "strip_left": 1}"#,
            #""normalizer.strip_left" is 1 but must be true or false"#
        ),
        (
            #""normalizer": {"type": "Lowercase"}, "padding": {"strategy": "Sometimes"}"#,
            #"field "padding.strategy""#
        ),
        (
            #""normalizer": {"type": "Precompiled", "precompiled_charsmap": "////"}"#,
            "a SentencePiece character map"
        ),
        (
            #""pre_tokenizer": {"type": "Split", "pattern": {"Regex": "\\p{Han}"}, "behavior": "Isolated", "invert": false}"#,
            #"has the property "Han", which is not implemented"#
        ),
        (
            #""pre_tokenizer": {"type": "Split", "pattern": {"String": "a"}, "behavior": "Kept", "invert": false}"#,
            #""pre_tokenizer.behavior" is "Kept" but must be one of Removed, Isolated"#
        ),
        (
            #""pre_tokenizer": {"type": "Metaspace", "replacement": "__", "prepend_scheme": "first"}"#,
            "a text of one character"
        ),
        (
            #""pre_tokenizer": {"type": "Metaspace", "replacement": "_", "prepend_scheme": "first", "add_prefix_space": false}"#,
            "it contradicts"
        ),
        (
            #""post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}], "pair": [], "special_tokens": {}}"#,
            #""post_processor.single[0].SpecialToken.id" is "<s>" but must be one of "special_tokens""#
        ),
        (
            #""post_processor": {"type": "TemplateProcessing", "single": [{"Sequence": {"id": "B", "type_id": 0}}], "pair": [], "special_tokens": {}}"#,
            "one text has no second"
        ),
        (
            #""added_tokens": [{"id": 7, "content": "c", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true}]"#,
            #""added_tokens[0].id" is 7 but must be 3"#
        ),
        (
            #""added_tokens": [{"id": 3, "content": " c", "single_word": false, "lstrip": false, "rstrip": true, "normalized": false, "special": true}]"#,
            "begins with white space"
        ),
        (
            #""padding": {"strategy": {"Fixed": 99999999}, "direction": "Left", "pad_id": 0, "pad_type_id": 0, "pad_token": "p"}"#,
            #""padding.strategy.Fixed" is 99999999"#
        ),
        (#""added_tokens": [{"id": 3, "content": ""}]"#, "added_tokens[0]"),
    ])
    func namesTheFieldAndTheReason(part: String, reason: String) {
        let model = Self.model.replacing("MORE", with: #""merges": ["a b"]"#)
        let refusal = refusal("{\(part), \(model)}")
        #expect(refusal.contains(reason), "\(refusal)")
        #expect(refusal.hasPrefix("t.json: "))
    }

    @Test(arguments: [
        (#""merges": ["a b"], "dropout": 0.1"#, #"field "model.dropout" is 0.1"#),
        (#""merges": ["a c"]"#, "is not in the vocabulary"),
        (#""merges": ["b a"]"#, "is not in the vocabulary"),
        (#""merges": ["a b c"]"#, #""model.merges[0]" is "a b c" but must be a pair of tokens"#),
        (#""merges": [["a"]]"#, "must be a pair of tokens"),
        (#""merges": [], "unknown_field": 1"#, #"field "model.unknown_field" is unknown"#),
        (#""unk_token": null"#, #"field "model.merges" is absent"#),
    ])
    func namesWhatIsWrongWithAModel(part: String, reason: String) {
        let refusal = refusal("{\(Self.model.replacing("MORE", with: part))}")
        #expect(refusal.contains(reason), "\(refusal)")
    }

    @Test(arguments: [
        (#"{"type": "Neural"}"#, #""model" is of type "Neural""#),
        (#"{"vocab": {}}"#, #"field "model.type" is absent"#),
        (#"{"type": "WordLevel", "unk_token": "a", "vocab": {"a": 0, "b": 0}}"#, "has the same id"),
        (#"{"type": "WordLevel", "unk_token": "a", "vocab": {"a": 9999999}}"#, "below"),
        (#"{"type": "Unigram", "unk_id": 3, "vocab": [["a", 0]]}"#, "below the 1 tokens"),
        (#"{"type": "Unigram", "vocab": [["a"]]}"#, "a token and its score"),
    ])
    func namesWhatIsWrongWithAnotherModel(model: String, reason: String) {
        let refusal = refusal(#"{"model": \#(model)}"#)
        #expect(refusal.contains(reason), "\(refusal)")
    }

    @Test func acceptsADropoutOfNothing_andMergesInBothForms() throws {
        for merges in [#"["a b"]"#, #"[["a", "b"]]"#, ##"["#version: 0.2", "a b"]"##] {
            let model = Self.model.replacing("MORE", with: #""dropout": 0.0, "merges": \#(merges)"#)
            let tokenizer = try Tokenizer(json: Array("{\(model)}".utf8))
            #expect(try tokenizer.encode("abba", addSpecialTokens: false).ids == [2, 1, 0])
        }
    }

    @Test func refusesAText_thatTheFileBlowsUp() throws {
        let long = String(repeating: "b", count: 2000)
        let step = #"{"type": "Replace", "pattern": {"Regex": "."}, "content": "\#(long)"}"#
        let model = Self.model.replacing("MORE", with: #""merges": []"#)
        let json =
            #"{"normalizer": {"type": "Sequence", "normalizers": [\#(step), \#(step)]}, \#(model)}"#
        let tokenizer = try Tokenizer(json: Array(json.utf8))
        let error = #expect(throws: TokenizerError.self) {
            try tokenizer.encode(String(repeating: "a", count: 1000), addSpecialTokens: false)
        }
        #expect(error?.description.contains("the limit is 81536") ?? false)
    }

    @Test func saysWhatThePathIs_whenThereIsNoFile() {
        let error = #expect(throws: TokenizerError.self) { try Tokenizer(path: "/nowhere/at/all") }
        #expect(error?.description.hasPrefix("/nowhere/at/all: cannot be read (") ?? false)
        #expect(refusal("[]").contains("must be an object"))
        #expect(refusal("{").hasPrefix("t.json: the JSON "))
        #expect(refusal("{}").contains(#"field "model" is absent"#))
    }
}
