/// Why a prompt cannot be read or rendered.
public enum PromptError: Error, Hashable, Sendable {
    case template(PromptPlace, TemplateFault)
    /// The lines before the text, or the sections of the text.
    case form(PromptPlace, reason: String)
    /// Values that the program or a `--data` file supplies, against the prompt's sample.
    case values(prompt: String, reason: String)
    /// Values that a prompt's text uses nowhere.
    case unused(file: String, names: [String])
    /// A prompt that does not include the part which says that fenced text is data.
    case noPreamble(file: String, part: String)
    case schema(file: String, place: String, reason: String)
    case json(file: String, reason: String)
    case unknownPrompt(name: String, known: [String])
    /// A follow-up where a prompt that opens a conversation is due, or the other way round.
    case wrongTurn(name: String, isFollowUp: Bool)
    case unreadable(path: String, reason: String)
    case tooLarge(path: String, byteCount: Int, limit: Int)
    case outside(path: String, folder: String)
    case unknownFile(path: String, known: [String])
    case noPrompts(folder: String, known: [String])
}

/// What is wrong at one line of a template.
public enum TemplateFault: Hashable, Sendable {
    case unclosedTag(String)
    case unknownTag(String)
    case badName(String)
    case badLimit(String)
    case unclosedBlock(tag: String, name: String)
    case strayElse
    case strayEnd(tag: String, awaited: String?)
    case notAlone(String)
    case unknownPart(String, known: [String])
    case unknownName(String, known: [String])
    case dataOutsideFence(String)
    case notData(String)
    case notPlain(String)
    case notAList(String)
    case notAChoice(String)
    case shadowed(field: String, list: String)
    case tooLong(String, count: Int, limit: Int)
}
