/// What is told to whoever reads the tests of one hypothesis about texts and gives a better one. It
/// starts afresh each time: whatever it must know of the inquiry so far is here.
public struct AnalystBriefing: Briefing {
    public static let inquiry = "explain-text"
    public static let role = "analyst"

    public typealias Reply = RefinerBriefing.Reply

    public var subject: TextBrief
    public var leading: LeadingHypothesis
    /// The leading hypothesis's predictions that did not come true.
    public var failures: [TextTest]
    /// Every hypothesis tried so far, the leading one too.
    public var tried: [TriedHypothesis]
    /// Texts on which the feature fires, strongest first.
    public var exemplars: [TextExample]
    /// A table of the properties that tell firing from silent texts best.
    public var contrasts: String

    public init(
        subject: TextBrief, leading: LeadingHypothesis, failures: [TextTest],
        tried: [TriedHypothesis], exemplars: [TextExample], contrasts: String
    ) {
        self.subject = subject
        self.leading = leading
        self.failures = failures
        self.tried = tried
        self.exemplars = exemplars
        self.contrasts = contrasts
    }

    public var values: PromptValues {
        var values = subject.values
        values["leading"] = leading.hypothesis.data
        values["leading_status"] = .text(leading.status)
        values["roles"] = .records(leading.roles.map(\.values))
        values["failures"] = .records(failures.map(\.values))
        values["tried"] = .records(tried.map(\.values))
        values["exemplars"] = TextExample.records(exemplars, withLevel: true)
        values["contrasts"] = .data(contrasts)
        return values
    }
}
