import Digests

/// Keeps two calls from handing the same request in at the same time.
///
/// A call claims all of its requests or waits, so that no two wait for each other.
actor KeyClaims {
    private var claimed: Set<Digest> = []
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func claim(_ keys: Set<Digest>) async {
        while !claimed.isDisjoint(with: keys) {
            await withCheckedContinuation { waiting.append($0) }
        }
        claimed.formUnion(keys)
    }

    func release(_ keys: Set<Digest>) {
        claimed.subtract(keys)
        let woken = waiting
        waiting = []
        for waiter in woken { waiter.resume() }
    }
}
