/// What an inquiry explains: a latent, or one of the controls that nobody should be able to explain.
public enum Feature: Codable, Hashable, Sendable, Comparable {
    case latent(Int)
    /// The control: a latent whose activations were permuted over the inputs.
    case shuffled(latent: Int, replicate: Int)
    /// The control: the residual stream along a random direction, above a bias.
    case direction(Int)

    /// Its name in the journal and in reports.
    public var name: String {
        switch self {
        case .latent(let index): "latent \(index)"
        case .shuffled(let latent, let replicate): "shuffled \(latent)/\(replicate)"
        case .direction(let index): "direction \(index)"
        }
    }

    /// A number for seeding: different for every feature.
    var stream: UInt64 {
        switch self {
        case .latent(let index): UInt64(index) << 8
        case .shuffled(let latent, let replicate):
            UInt64(latent) << 8 | 1 | UInt64(replicate) << 40
        case .direction(let index): UInt64(index) << 8 | 2
        }
    }
}
