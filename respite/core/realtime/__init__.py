"""Live screens: Socket.IO over WebSocket alone, and the relay that says "look again".

No data of the house travels here, only which parts changed at which version. See docs/live.md.
"""
