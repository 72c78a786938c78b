"""What documents under review are read from. Nothing here opens a network or runs what a document carries.

A reader takes the bytes of one document and gives its `Text`, or raises `Unreadable` with a sentence. It is called in
a process of its own with limits (`worker`), because documents come from anywhere.
"""
