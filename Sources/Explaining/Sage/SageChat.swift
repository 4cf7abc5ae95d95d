import LanguageModels

/// The one chat of a SAGE inquiry. All that was said before is sent again with every question, which is
/// what makes its cost grow with the square of its length.
struct SageChat {
    private let model: any LanguageModel
    private let inquiry: String
    private(set) var messages: [ModelMessage]
    private(set) var usage = Spending()
    /// Said with the next question, as providers want questions and answers to take turns.
    private var news: [String] = []

    init(model: any LanguageModel, inquiry: String) {
        self.model = model
        self.inquiry = inquiry
        messages = [ModelMessage(.system, SageWords.system)]
    }

    /// Tells something that asks for no answer.
    mutating func tell(_ words: String) { news.append(words) }

    /// Says something and hears the answer; both stay in the chat.
    mutating func ask(_ words: String, as role: String) async throws(ModelError) -> String {
        messages.append(
            ModelMessage(.user, (news + [words]).joined(separator: "\n\n")))
        news = []
        let reply = try await model.reply(
            to: ModelRequest(messages: messages),
            for: CallPurpose(role: "sage-" + role, inquiry: inquiry))
        usage.calls += 1
        usage.inputTokens += reply.usage.input
        usage.outputTokens += reply.usage.output
        let text = String(reply.text.prefix(SageReply.byteLimit))
        // Providers refuse an empty message.
        let isBlank = text.allSatisfy(\.isWhitespace)
        messages.append(ModelMessage(.assistant, isBlank ? "(an empty reply)" : text))
        return text
    }
}
