/// What a proposer of hypotheses about a feature of texts is told.
public struct ExplainerBriefing: Briefing {
    public static let inquiry = "explain-text"
    public static let role = "explainer"

    /// Hypotheses in the order in which the model gave them.
    public typealias Reply = ProposerBriefing.Reply

    public var subject: TextBrief
    /// Texts on which the feature fires, at several levels, strongest first.
    public var exemplars: [TextExample]
    /// Texts that resemble exemplars and on which it is silent.
    public var nearMisses: [TextExample]
    /// Other texts on which it is silent.
    public var background: [TextExample]
    /// A table of the properties that tell the two apart best. It quotes words of the texts.
    public var contrasts: String
    /// How many hypotheses are wanted.
    public var wanted: Int

    public init(
        subject: TextBrief, exemplars: [TextExample], nearMisses: [TextExample],
        background: [TextExample], contrasts: String, wanted: Int
    ) {
        self.subject = subject
        self.exemplars = exemplars
        self.nearMisses = nearMisses
        self.background = background
        self.contrasts = contrasts
        self.wanted = wanted
    }

    public var values: PromptValues {
        var values = subject.values
        values["exemplars"] = TextExample.records(exemplars, withLevel: true)
        values["near_misses"] = TextExample.records(nearMisses, withLevel: false)
        values["background"] = TextExample.records(background, withLevel: false)
        values["contrasts"] = .data(contrasts)
        values["wanted"] = .number(wanted)
        return values
    }
}
