"""The programs that groqchat is measured against, each as small as it can be."""
