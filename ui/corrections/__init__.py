"""The user's marks on posts, and the layer on top of `crowd` that is learned from them."""
