import Synchronization
import Texts

/// Texts that were cut into units lately: the probes of an inquiry are looked at in every round.
final class UnitCache: Sendable {
    private let known = Mutex<[String: TextUnits]>([:])
    /// How many texts are kept; then all are forgotten.
    private static let limit = 20_000

    func units(_ text: String) -> TextUnits {
        if let units = known.withLock({ $0[text] }) { return units }
        let units = TextUnits(text)
        known.withLock { known in
            if known.count >= Self.limit { known.removeAll() }
            known[text] = units
        }
        return units
    }
}
