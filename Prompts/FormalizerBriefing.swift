import JSON

/// What is told to whoever finds proposals that say the same.
public struct FormalizerBriefing: Briefing {
    public static let inquiry = "mine-text"
    public static let role = "formalizer"

    public var proposals: [ProposedFeature]

    public init(proposals: [ProposedFeature]) { self.proposals = proposals }

    public var values: PromptValues {
        [
            "proposals": .records(
                proposals.enumerated().map { index, feature in
                    [
                        "number": .number(index + 1), "kind": .text(feature.recipe.kind.rawValue),
                        "proposal": .data(
                            "\(feature.name): \(feature.title)\n\(feature.recipe.text)"),
                    ]
                }),
            "count": .number(proposals.count),
        ]
    }

    /// Proposals that say the same.
    public struct Group: Hashable, Sendable {
        /// The number, from 1, of the one to keep.
        public let kept: Int
        public let duplicates: [Int]
    }

    public struct Reply: PromptReply {
        /// Empty when no two proposals say the same.
        public let groups: [Group]

        public init(_ json: JSONValue) throws(ReplyFaults) {
            var seen: Set<Int> = []
            groups = try ReplyText.list(json, "groups", at: "$", counts: 0...500) {
                item, place throws(ReplyFaults) in
                func number(
                    _ value: JSONValue?, _ here: String
                ) throws(ReplyFaults) -> Int {
                    guard let number = value?.integer, number >= 1 else {
                        throw ReplyText.fault(here, "must be the number of a proposal")
                    }
                    guard seen.insert(number).inserted else {
                        throw ReplyText.fault(here, "\(number) occurs twice")
                    }
                    return number
                }
                return Group(
                    kept: try number(item["keep"], "\(place).keep"),
                    duplicates: try ReplyText.list(
                        item, "duplicates", at: place, counts: 1...500, number))
            }
        }

        /// What is wrong with a reply about `count` proposals.
        public static func faults(in json: JSONValue, count: Int) -> [SchemaFault] {
            do throws(ReplyFaults) {
                let numbers = try Self(json).groups.flatMap { [$0.kept] + $0.duplicates }
                guard let stray = numbers.first(where: { $0 > count }) else { return [] }
                return [
                    SchemaFault(
                        place: "$.groups", reason: "there is no proposal \(stray), only \(count)")
                ]
            } catch {
                return error.faults
            }
        }

        /// The proposals that stay: all but the duplicates, in their order.
        public func kept<Proposal>(of proposals: [Proposal]) -> [Proposal] {
            let dropped = Set(groups.flatMap(\.duplicates))
            return proposals.enumerated().filter { !dropped.contains($0.offset + 1) }
                .map(\.element)
        }
    }
}
