extension Array {
    /// The elements folded into one.
    ///
    /// - Precondition: there is at least one.
    func reduceFirst(_ combine: (Element, Element) -> Element) -> Element {
        dropFirst().reduce(self[0], combine)
    }
}
