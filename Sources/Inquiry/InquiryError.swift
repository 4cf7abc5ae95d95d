/// An event that cannot follow what has happened: a broken journal or a broken laboratory.
public enum InquiryError: Error, Hashable, Sendable {
    case afterTheEnd(String)
    case probeOutOfOrder(found: Int, expected: Int)
    case unknownHypothesis(Int)
    case unknownProbe(Int)
    case measuredTwice(Int)
    case measuredBeforeBeginning
    case nothingToCommitTo
    case approvedOutOfTurn
    case nobodyToAsk
}

extension InquiryError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .afterTheEnd(let kind):
            "event \"\(kind)\" follows the end of the inquiry; run `conjecture verify` on this run"
        case .probeOutOfOrder(let found, let expected):
            "probe \(found) is registered where probe \(expected) is due; run `conjecture verify`"
        case .unknownHypothesis(let id):
            "hypothesis \(id) was never proposed; run `conjecture verify` on this run"
        case .unknownProbe(let id):
            "probe \(id) is measured but was never registered; run `conjecture verify`"
        case .measuredTwice(let id):
            "probe \(id) has two results; run `conjecture verify` on this run"
        case .measuredBeforeBeginning:
            "a probe is measured before the firing threshold is known; run `conjecture verify`"
        case .approvedOutOfTurn:
            "something is approved that did not wait for it; run `conjecture verify` on this run"
        case .nobodyToAsk:
            "the run's policy asks people, and there is no review queue to ask them by"
        case .nothingToCommitTo: "there is no hypothesis to commit to; run `conjecture verify`"
        }
    }
}
