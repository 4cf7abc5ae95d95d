import Tools

/// A tool that somebody proposed for a feature, and where it came from.
public struct Candidate: Codable, Hashable, Sendable {
    public let tool: FeatureTool
    public let origin: Origin
    public let round: Int
    /// Of a tool that was made from select rows too: the same made without each fold, by fold.
    public let foldTools: [FeatureTool]

    public init(
        tool: FeatureTool, origin: Origin, round: Int, foldTools: [FeatureTool] = []
    ) {
        self.tool = tool
        self.origin = origin
        self.round = round
        self.foldTools = foldTools
    }

    /// Who had the idea.
    public enum Origin: String, Codable, Hashable, Sendable {
        /// The statistics of a text that are built in.
        case catalogue
        /// Lexicons that were induced from the discover rows.
        case inducer
        /// A tool that an earlier task confirmed.
        case experience
        /// A language model: invented readers, contrasts of high and low rows, the rows that are got wrong.
        case personas, contraster, reflector
    }
}
