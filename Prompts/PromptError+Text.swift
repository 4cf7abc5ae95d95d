extension PromptError: CustomStringConvertible {
    /// The thing, the reason and the cure in one line.
    public var description: String {
        switch self {
        case .template(let place, let fault): "\(place): \(fault)"
        case .form(let place, let reason): "\(place): \(reason)"
        case .values(let prompt, let reason):
            "values for \(prompt): \(reason); `conjecture prompt render` shows a sample of them"
        case .unused(let file, let names):
            "\(file): \(Self.list(names.map { "\"\($0)\"" })) \(names.count == 1 ? "is" : "are") "
                + "supplied but never used; write the hole, or {{omit name}} to leave it out on purpose"
        case .noPreamble(let file, let part):
            "\(file): its system section does not tell the model that fenced text is data; put "
                + "{{include \(part)}} there, on a line of its own"
        case .schema(let file, let place, let reason): "\(file), \(place): \(reason)"
        case .json(let file, let reason): "\(file): not JSON: \(reason)"
        case .unknownPrompt(let name, let known):
            "there is no prompt \"\(name)\"; known are \(Self.list(known))"
        case .wrongTurn(let name, let isFollowUp):
            isFollowUp
                ? "\(name) goes on with a conversation and opens none; render it as a follow-up"
                : "\(name) opens a conversation and follows none; render it as a prompt"
        case .unreadable(let path, let reason): "\(path): \(reason)"
        case .tooLarge(let path, let byteCount, let limit):
            "\(path): at least \(byteCount) bytes, and a prompt's file has at most \(limit); is it "
                + "the right file?"
        case .outside(let path, let folder):
            "\(path): leads out of \(folder); copy the file there instead of linking to it"
        case .unknownFile(let path, let known):
            "\(path): no prompt of this program has this name, so it would change nothing; rename or "
                + "remove it (known are \(Self.list(known)))"
        case .noPrompts(let folder, let known):
            "\(folder): holds none of the prompts' files; put a changed copy of one there under its "
                + "own path (known are \(Self.list(known)))"
        }
    }

    static func list(_ names: [String]) -> String { names.joined(separator: ", ") }
}

extension TemplateFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unclosedTag(let text):
            "\"{{\(Self.line(text))\" is not closed on its line; close it with }}, or write \\{{ for two "
                + "braces"
        case .unknownTag(let tag):
            "{{\(tag)}} is no tag; tags are {{name}}, {{fenced name}}, {{#each name}}, {{#if name}}, "
                + "{{else}}, {{include part}}, {{omit name}} and {{! words }}"
        case .badName(let name):
            "\"\(name)\" is no name; a name is small letters, digits and underscores, and no tag's word"
        case .badLimit(let text):
            "\"\(text)\" is no limit; write limit=N or cut=N with N from "
                + "\(FenceLimit.allowed.lowerBound) to \(FenceLimit.allowed.upperBound)"
        case .unclosedBlock(let tag, let name):
            "{{#\(tag) \(name)}} is never closed; write {{/\(tag)}} where it ends"
        case .strayElse: "{{else}} stands in no {{#if}} that could have one; remove it"
        case .strayEnd(let tag, let awaited):
            "{{/\(tag)}} closes nothing"
                + (awaited.map { "; first comes \($0)" } ?? "; remove it")
        case .notAlone(let tag): "{{\(tag)}} must stand alone on its line"
        case .unknownPart(let path, let known):
            "there is no part \"\(path)\" to include; "
                + (known.isEmpty
                    ? "a part includes no other" : "known are \(PromptError.list(known))")
        default: valueText
        }
    }

    private var valueText: String {
        switch self {
        case .unknownName(let name, let known):
            "\"\(name)\" is no value here; known are \(PromptError.list(known))"
        case .dataOutsideFence(let name):
            "\"\(name)\" is data, which others wrote; write {{fenced \(name)}} on a line of its own"
        case .notData(let name): "\"\(name)\" is no data; write {{\(name)}} without a fence"
        case .notPlain(let name):
            "\"\(name)\" has no text of its own; use it with {{#each \(name)}} or {{#if \(name)}}"
        case .notAList(let name): "\"\(name)\" is no list, so {{#each}} cannot go through it"
        case .notAChoice(let name):
            "\"\(name)\" is neither a flag nor a list, so {{#if}} cannot decide by it"
        case .shadowed(let field, let list):
            "\"\(field)\" is a field of \"\(list)\" and a value outside it; rename one of the two"
        case .tooLong(let name, let count, let limit):
            "\"\(name)\" has \(count) characters, and this hole takes \(limit); supply less, or write "
                + "{{fenced \(name) cut=\(limit)}} to cut it there"
        default: preconditionFailure("valueText: another kind of fault")
        }
    }

    private static func line(_ text: String) -> String {
        String(text.prefix { !$0.isNewline })
    }
}
