/// Stands in until the raters' page is there.
extension ReviewPages {
    static func raters(_ table: RaterTable, session: PageSession) -> String {
        message(title: "Raters", text: "", session: session)
    }
}
